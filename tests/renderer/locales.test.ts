import { describe, expect, test } from 'vitest'
import { createI18n } from 'vue-i18n'
import { errorCodes } from '../../src/shared/errors.ts'
import { noticeSentences } from '../../src/shared/notices.ts'
import { languageNames, languageOf, languages, type Language } from '../../src/shared/languages.ts'
import { en } from '../../src/renderer/locales/en.ts'
import { lab } from '../../src/renderer/locales/en/lab.ts'
import { readMessage } from '../../src/renderer/locales/messages.ts'
import { formCount, pluralRules } from '../../src/renderer/locales/plurals.ts'

type Words = { [key: string]: string | Words }

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  )
const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort()
const forms = (text: string): number => text.split(' | ').length
const english = new Map(flat({ ...en, lab }))
/** What every other language says of an error by its code: English has the message itself. */
const errorsHere = errorCodes.map((code) => `errorHere.${code}`)
for (const key of errorsHere) english.set(key, 'said by the message')
/** So it is with notices, whose English is the studio's. */
for (const [code, sentence] of Object.entries(noticeSentences)) english.set(`noticeHere.${code}`, sentence)
/** The Lab's words are files of their own, in the languages that have them. */
const labs = import.meta.glob<{ lab: Words }>('../../src/renderer/locales/*/lab.ts')

const wordsOf = async (language: Language): Promise<[string, string][]> => {
  const file = (await import(`../../src/renderer/locales/${language}.ts`)) as Record<Language, Words>
  const lab = await labs[`../../src/renderer/locales/${language}/lab.ts`]?.()
  return flat({ ...file[language], ...lab })
}

describe.each(languageNames.filter((name) => name !== 'en'))('%s', (language) => {
  test('says only what English says, with the same places to fill in and its own plural forms', async () => {
    for (const [key, text] of await wordsOf(language)) {
      const original = english.get(key)
      expect(original, `${key} is no key of English`).toBeDefined()
      expect(text.trim(), key).not.toBe('')
      expect(holes(text), key).toEqual(holes(original!))
      expect(text, `a percent sign of its own in ${key}`).not.toMatch(/\}\s*%/)
      expect(text.replaceAll(/\{\w+\}/g, ''), `what messages.ts does not read in ${key}`).not.toMatch(/[{}@]/)
      const expected = forms(original!) === 1 ? 1 : forms(original!) - 2 + formCount(language)
      expect(forms(text), `plural forms of ${key}`).toBe(expected)
    }
  })

  test('has whole lists where a list is read whole', async () => {
    const keys = new Set((await wordsOf(language)).map(([key]) => key))
    for (const list of [
      'samplerNote.',
      'scheduleNote.',
      'larger.notes.',
      'errorHere.',
      'errorNext.',
      'noticeHere.',
    ]) {
      const inEnglish = [...english.keys()].filter((key) => key.startsWith(list))
      const here = inEnglish.filter((key) => keys.has(key))
      expect([0, inEnglish.length], list).toContain(here.length)
    }
  })
})

test('a language that was reviewed says everything', async () => {
  for (const language of languageNames.filter((name) => name !== 'en' && languages[name].reviewed))
    expect((await wordsOf(language)).map(([key]) => key).sort()).toEqual([...english.keys()].sort())
})

test('names are filled in, and forms chosen by their count', () => {
  const { t } = createI18n({
    legacy: false,
    locale: 'ru',
    messages: {
      ru: { plain: 'да', named: '{a} и {b}, {a}', counted: 'нет | {n} файл | {n} файла | {n} файлов' },
    },
    pluralRules,
    messageCompiler: readMessage,
  }).global
  expect(t('plain')).toBe('да')
  expect(t('named', { a: 0, b: null })).toBe('0 и , 0')
  expect([0, 1, 3, 11].map((count) => t('counted', count))).toEqual(['нет', '1 файл', '3 файла', '11 файлов'])
})

test('numbers are filled in with the decimal mark of the language, and nothing else is changed in them', () => {
  const said = (locale: string, value: unknown): string =>
    createI18n({
      legacy: false,
      locale,
      messages: { [locale]: { of: '{value}' } },
      messageCompiler: readMessage,
    }).global.t('of', { value })
  expect(languageNames.map((language) => said(language, 0.30000000000000004))).toEqual(
    languageNames.map((language) =>
      ['de', 'fr', 'es', 'pt', 'ru'].includes(language) ? '0,30000000000000004' : '0.30000000000000004',
    ),
  )
  // A seed.
  expect(said('de', 4294967295)).toBe('4294967295')
  expect(said('fr', -0)).toBe('0')
  expect(said('de', '7.5')).toBe('7.5')
})

test('counted things take the form of their language', () => {
  const chosen = (language: string, count: number, written: number): number | undefined =>
    pluralRules[language]?.(count, written)
  // нет | картинка | картинки | картинок
  expect([0, 1, 2, 5, 11, 21, 22, 111].map((count) => chosen('ru', count, 4))).toEqual([
    0, 1, 2, 3, 3, 1, 2, 3,
  ])
  expect([1, 3, 12].map((count) => chosen('ru', count, 3))).toEqual([0, 1, 2])
  // In French nothing is singular.
  expect([0, 1, 2].map((count) => chosen('fr', count, 2))).toEqual([0, 0, 1])
  expect([0, 1, 2].map((count) => chosen('fr', count, 3))).toEqual([0, 1, 2])
})

test('the system’s languages are asked in their order', () => {
  expect(languageOf('system', ['nl-NL', 'de-AT', 'en'])).toBe('de')
  expect(languageOf('system', ['pt-PT'])).toBe('pt')
  expect(languageOf('system', ['nl'])).toBe('en')
  expect(languageOf('ru', ['de'])).toBe('ru')
})
