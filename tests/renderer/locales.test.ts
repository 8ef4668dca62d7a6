import { expect, test } from 'vitest'
import { en } from '../../src/renderer/locales/en.ts'
import { zh } from '../../src/renderer/locales/zh.ts'

type Words = { [key: string]: string | Words }

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  )
const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort()

test('Chinese has the sentences of English, with the same places to fill in', () => {
  const chinese = new Map(flat(zh))
  for (const [key, text] of flat(en)) {
    expect(chinese.has(key), key).toBe(true)
    expect(holes(chinese.get(key)!), key).toEqual(holes(text))
    expect(chinese.get(key)!.split(' | ').length, key).toBe(text.split(' | ').length)
  }
  expect(chinese.size).toBe(flat(en).length)
})
