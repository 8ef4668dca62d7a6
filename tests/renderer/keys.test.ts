import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fuzzyScore } from '../../src/renderer/components/palette/fuzzy.ts'
import { shortcutNames, shortcuts } from '../../src/renderer/keys/shortcuts.ts'
import { en } from '../../src/renderer/locales/en.ts'

const folder = path.resolve(import.meta.dirname, '../../src/renderer')
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(vue|ts)$/.test(name) && !name.startsWith('keys'))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'))

/** What is handed to the functions that bind shortcuts. */
const bindings = sources.flatMap((source) =>
  [...source.matchAll(/(?:useShortcuts|keyHandler)(?:<.*?>)?\(\{([\s\S]*?)\n?\s*\}(?:, \{.*\})?\)\n/g)].map(
    ([, body]) => body,
  ),
)

test('every shortcut of the list is bound, in one place, and has its words', () => {
  for (const name of shortcutNames) {
    const places = bindings.filter((body) => new RegExp(`(^|[\\s{,])${name}[:(]`).test(body))
    expect(places, name).toHaveLength(1)
    expect(en.keys[name], name).toBeTruthy()
  }
})

test('no two shortcuts of a place have the same keys', () => {
  const all = shortcutNames.flatMap((name) =>
    shortcuts[name].keys.map((keys) => `${shortcuts[name].scope} ${keys}`),
  )
  expect(new Set(all).size).toBe(all.length)
})

const best = (typed: string, texts: readonly string[]): string[] =>
  texts
    .map((text) => ({ text, score: fuzzyScore(typed, text) }))
    .filter(({ score }) => score !== null)
    .sort((one, other) => other.score! - one.score!)
    .map(({ text }) => text)

test('a few letters find what begins with them before what only holds them', () => {
  const texts = ['Theme: Light', 'Lab: The U-Net', 'Library', 'a lighthouse', 'Move to trash']
  expect(best('libr', texts)).toEqual(['Library'])
  expect(best('light', texts)[0]).toBe('Theme: Light')
  expect(best('tl', texts)[0]).toBe('Theme: Light')
  expect(best('light theme', texts)).toEqual(['Theme: Light'])
  expect(best('TRÁSH', texts)).toEqual(['Move to trash'])
  expect(best('队列', ['打开队列', '图库'])).toEqual(['打开队列'])
  expect(best('xq', texts)).toEqual([])
})
