import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyStyles, parseStyles, printStyles } from '../../src/studio/prompts/styles.ts'
import { inEnglish } from '../../src/shared/notices.ts'

function read(csv: string) {
  const problems: string[] = []
  return { styles: parseStyles(csv, (...says) => problems.push(inEnglish(says))), problems }
}

describe('styles', () => {
  it('replace {prompt}, or follow the prompt after a comma', () => {
    expect(applyStyles('a cat', ['photo of {prompt}, 35mm', 'sharp'])).toBe('photo of a cat, 35mm, sharp')
    expect(applyStyles('', ['sharp', ''])).toBe('sharp')
    expect(applyStyles('a $& cat', ['{prompt}!'])).toBe('a $& cat!')
  })

  it('are read from a styles.csv of AUTOMATIC1111, old or new', () => {
    const csv =
      '\ufeffname,prompt,negative_prompt\r\nNone,,\r\nFilm,"grain, {prompt}\nsecond ""line""",blurry\r\n'
    expect(read(csv)).toEqual({
      styles: [{ name: 'Film', prompt: 'grain, {prompt}\nsecond "line"', negativePrompt: 'blurry' }],
      problems: [],
    })
    expect(read('name,text\nOld,x').styles).toEqual([{ name: 'Old', prompt: 'x', negativePrompt: '' }])
    expect(read('')).toEqual({ styles: [], problems: [] })
  })

  it.each([
    ['semicolons', 'Name;Prompt;Negative_Prompt\r\nA;"x; {prompt}, y";bad\r\n'],
    ['tabs', 'name\tprompt\tnegative_prompt\nA\t"x; {prompt}, y"\tbad\n'],
    ['a line that names the separator', 'sep=;\r\nname;prompt;negative_prompt\r\nA;"x; {prompt}, y";bad\r\n'],
  ])('are read with %s, as spreadsheets save them', (_how, csv) => {
    expect(read(csv)).toEqual({
      styles: [{ name: 'A', prompt: 'x; {prompt}, y', negativePrompt: 'bad' }],
      problems: [],
    })
  })

  it('without their columns are complained of', () => {
    const { styles, problems } = read('Titel,Text\nA,x\n')
    expect(styles).toEqual([])
    expect(problems).toEqual([expect.stringMatching(/no column name .*found: Titel, Text/)])
  })

  it('that are printed are read the same', () => {
    const name = fc.stringMatching(/^[a-z",]{1,8}$/).filter((text) => text !== 'none')
    const styles = fc.array(fc.record({ name, prompt: fc.string(), negativePrompt: fc.string() }))
    fc.assert(
      fc.property(styles, (list) => {
        expect(read(printStyles(list))).toEqual({ styles: list, problems: [] })
      }),
    )
  })
})
