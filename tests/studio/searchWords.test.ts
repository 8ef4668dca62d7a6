import DatabaseFile from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPromptIndex } from '../../src/studio/history/facts/promptIndex.ts'
import { indexWords, wantedTerms } from '../../src/studio/history/searchWords.ts'

/** Prompts that are added one after the other, and which of them a text finds, by their numbers. */
function openTestPrompts() {
  const database = new DatabaseFile(':memory:')
  onTestFinished(() => void database.close())
  database.exec('CREATE TABLE prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, words TEXT NOT NULL)')
  const add = database.prepare('INSERT INTO prompts (words) VALUES (?)')
  const index = createPromptIndex(database)
  return {
    add: (prompt: string): number => Number(add.run(indexWords(prompt)).lastInsertRowid),
    remove: (id: number) => database.prepare('DELETE FROM prompts WHERE id = ?').run(id),
    findEach: (texts: readonly string[]): number[][] =>
      index
        .find(texts.map(wantedTerms))
        .map((found) => [...found.entries()].flatMap(([id, isFound]) => (isFound === 1 ? [id] : []))),
  }
}

/** Whether the words of a prompt are found by a text. */
function finds(prompt: string, text: string): boolean {
  const prompts = openTestPrompts()
  prompts.add(prompt)
  return prompts.findEach([text])[0].length === 1
}

describe('R17: a search', () => {
  it.each([
    ['一个红色的圆', '红色'],
    ['一个红色的圆', '圆'],
    ['一个红色的圆', '红色的圆'],
    ['一个红色的圆', '一个红色的圆'],
    ['海边的城堡 at dawn', 'dawn 城堡'],
    ['赤い城とカメラ', 'カメ'],
    ['ｶﾞﾗｽの塔', 'ガラス'],
    ['ひまわりのビール', 'ビール'],
    ['สวัสดีชาวโลก', 'ชาว'],
    ['고양이가 있는 풍경', '고양'],
    ['a cat 🐱 asleep', '🐱'],
    ['a cat🐱asleep', 'asleep'],
    ['thumbs 👍🏽 up', '👍'],
    ['thumbs 👍 up', '👍🏿'],
    ['the flag 🇩🇪 waves', '🇩🇪'],
    ['👨‍👩‍👧 family', '👨‍👩‍👧'],
    ['snow ☃️ man', '☃'],
    ['from → to', '→'],
    ['Élan vital', 'elan'],
    ['ＦＵＬＬ width', 'full'],
    ['हिन्दी में', 'हिन्दी'],
    ['𠮷野家', '𠮷野'],
    ['red_castle', 'castle'],
    ['1girl, solo', '1gi'],
  ])('in "%s" finds "%s"', (prompt, text) => {
    expect(finds(prompt, text)).toBe(true)
  })

  it.each([
    ['一个红色的圆', '红的'],
    ['红色, 色圆', '红色圆'],
    ['城堡', '堡城'],
    ['a cat 🐱', '🐶'],
    ['🇩🇪', '🇪🇩'],
    ['castle', 'cast red'],
    ['castle', 'cast '],
    ['castle', '"'],
    ['castle', '、'],
  ])('in "%s" does not find "%s"', (prompt, text) => {
    expect(finds(prompt, text)).toBe(false)
  })

  it('finds any part of a text in a script without spaces', () => {
    const character = fc.constantFrom(...'一个红色的圆海边城堡ガラスのとうสวั')
    const text = fc.string({ unit: character, minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(text, fc.nat(11), fc.integer({ min: 1, max: 12 }), (prompt, from, length) => {
        const part = prompt.slice(from, from + length)
        if (part) expect(finds(`x ${prompt}, y`, part)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('finds what a look at every prompt finds, however many come and go, and however much is asked at once', () => {
    const prompts = openTestPrompts()
    const known = new Map<number, Prompt>()
    const come = fc.array(prompt, { maxLength: 6 })
    const asked = fc.array(question, { maxLength: 4 })
    fc.assert(
      fc.property(come, fc.option(fc.nat(9)), asked, (come, gone, asked) => {
        for (const each of come) known.set(prompts.add(written(each)), each)
        // One that goes before it was read leaves a gap.
        const id = gone === null ? undefined : [...known.keys()].at(-1 - gone)
        if (id !== undefined) prompts.remove(id)
        if (id !== undefined) known.delete(id)
        // What was asked before is asked again when more have come, and twice at once.
        const questions = [...asked, ...asked.slice(0, 1), often]
        const found = prompts.findEach(
          questions.map(({ words, isOpen }) => written(words) + (isOpen ? '' : '.')),
        )
        for (const [at, question] of questions.entries()) {
          const expected = [...known].flatMap(([id, each]) => (has(each, question) ? [id] : []))
          expect(found[at].filter((id) => known.has(id))).toEqual(expected)
        }
      }),
      { numRuns: 400, seed: 18 },
    )
  })

  it('holds more terms than fit a number, and chains of any length, against a prompt', () => {
    const words = Array.from({ length: 70 }, (_, at) => `word${at}`)
    const chain = Array.from({ length: 50 }, (_, at) => String.fromCodePoint(0x4e00 + (at % 7))).join('')
    const prompts = openTestPrompts()
    const id = prompts.add(`${chain}, ${words.join(' ')}`)
    prompts.add(`${chain.slice(1)}, ${words.slice(1).join(' ')}`)
    const all = words.join(' ')
    const backwards = [...words].reverse().join(' ')
    expect(prompts.findEach([all, backwards, chain])).toEqual([[id], [id], [id]])
    expect(prompts.findEach([`${all} another`, `${chain}一`, 'word1'])).toEqual([[], [], [id, id + 1]])
  })
})

/** Words and chains of characters, as they follow each other in a prompt. */
type Prompt = string[]
const prompt: fc.Arbitrary<Prompt> = fc.array(
  fc.oneof(
    fc.constantFrom('red', 'reddish', 'house', 'a', 'cat', '🐱'),
    fc.string({ unit: fc.constantFrom('一', '个', '红'), minLength: 1, maxLength: 5 }),
  ),
  { minLength: 1, maxLength: 5 },
)
const written = (pieces: Prompt): string => pieces.join(', ')

/** An open one has its last word by its beginning. */
interface Question {
  words: Prompt
  isOpen: boolean
}
const question: fc.Arbitrary<Question> = fc.record({ words: prompt, isOpen: fc.boolean() })
const often: Question = { words: ['red', '红'], isOpen: true }

function has(pieces: Prompt, { words, isOpen }: Question): boolean {
  return words.every((piece, at) => {
    if (/^[一个红]/.test(piece)) return pieces.some((each) => each.includes(piece))
    const isBegun = isOpen && at === words.length - 1 && piece !== '🐱'
    return pieces.some((each) => (isBegun ? each.startsWith(piece) : each === piece))
  })
}
