import DatabaseFile from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexWords, wordQuery } from '../../src/studio/history/searchWords.ts'

/** Whether an index of FTS5 over the words of a prompt finds it. */
function finds(prompt: string, text: string): boolean {
  const query = wordQuery(text)
  if (!query) return false
  const database = new DatabaseFile(':memory:')
  database.exec("CREATE VIRTUAL TABLE prompts USING fts5 (words, tokenize = 'ascii', prefix = '1 2 3')")
  database.prepare('INSERT INTO prompts (words) VALUES (?)').run(indexWords(prompt))
  const found = database.prepare('SELECT 1 FROM prompts WHERE prompts MATCH ?').get(query.match) !== undefined
  database.close()
  return found
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
})
