import { describe, expect, it } from 'vitest'
import { foundParts, wantedWords } from '../../src/shared/pictureQuery/foundWords.ts'
import { chosenValue, namesMarks, withChosen } from '../../src/shared/pictureQuery/editQuery.ts'

const shown = (text: string, search: string): string =>
  foundParts(text, wantedWords(search))
    .map(({ text: part, isFound }) => (isFound ? `[${part}]` : part))
    .join('')

describe('words that were found', () => {
  it.each([
    ['A Red house', 'red hou', 'A [Red] [hou]se'],
    ['predicted red', 'red', 'predicted [red]'],
    ['Élan vital', 'elan', '[Élan] vital'],
    ['一个红色的圆', '红色', '一个[红色]的圆'],
    ['red cat', 'red -cat steps>3', '[red] cat'],
    ['ﬁne art', 'fine', '[ﬁne] art'],
    ['nothing', '', 'nothing'],
  ])('%s, looked for by %s', (text, search, expected) => {
    expect(shown(text, search)).toBe(expected)
  })

  it('the parts are the text', () => {
    const text = 'a 🐱 cat, İstanbul, ﬁn'
    expect(
      foundParts(text, ['cat', 'i', 'fin'])
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })
})

describe('a facet chosen in a search', () => {
  it('is written and taken away again, all else staying as it is', () => {
    const chosen = withChosen('red  "a b"', 'sampler', 'Euler a')
    expect(chosen).toBe('red "a b" sampler="Euler a"')
    expect(chosenValue(chosen, 'sampler')).toBe('Euler a')
    expect(withChosen(chosen, 'sampler', 'Heun')).toBe('red "a b" sampler=Heun')
    expect(withChosen(chosen, 'sampler', null)).toBe('red "a b"')
    expect(withChosen('-tag:x steps > 30', 'date', '2026-07')).toBe('-tag:x steps > 30 date:2026-07')
  })

  it('is none where the search leaves several', () => {
    expect(chosenValue('sampler:euler', 'sampler')).toBeNull()
    expect(chosenValue('rating:4', 'rating')).toBe('4')
    expect(chosenValue('rating>=4', 'rating')).toBeNull()
    expect(chosenValue('-size:64x64', 'size')).toBeNull()
  })

  it('marks are told from what stays', () => {
    expect(namesMarks('stars>3')).toBe(true)
    expect(namesMarks('-is:rejected cat')).toBe(true)
    expect(namesMarks('steps>3 "tag:x"')).toBe(false)
  })
})
