import { createI18n } from 'vue-i18n'
import { languages, type Language } from '../shared/languages.ts'
import { en, type Begun, type Messages } from './locales/en.ts'
import type { lab } from './locales/en/lab.ts'
import { readMessage } from './locales/messages.ts'
import { pluralRules } from './locales/plurals.ts'

const messages: { [L in Language]?: Messages } = { en }

/** The window begins in English, which also says what another language has no words for. */
export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages,
  pluralRules,
  messageCompiler: readMessage,
  missingWarn: false,
  fallbackWarn: false,
})

/** Each language is a file of its own, which only those load who use it. */
const words: Record<Exclude<Language, 'en'>, () => Promise<Begun>> = {
  zh: async () => (await import('./locales/zh.ts')).zh,
  ja: async () => (await import('./locales/ja.ts')).ja,
  de: async () => (await import('./locales/de.ts')).de,
  fr: async () => (await import('./locales/fr.ts')).fr,
  es: async () => (await import('./locales/es.ts')).es,
  pt: async () => (await import('./locales/pt.ts')).pt,
  ru: async () => (await import('./locales/ru.ts')).ru,
  ko: async () => (await import('./locales/ko.ts')).ko,
}

/** So are the words that the Lab alone says, in the languages that have them. */
const labWords = import.meta.glob<{ lab: Begun<typeof lab> }>('./locales/*/lab.ts')

async function readWords(language: Language): Promise<void> {
  if (language !== 'en') i18n.global.mergeLocaleMessage(language, await words[language]())
}

async function readLabWords(language: Language): Promise<void> {
  const read = labWords[`./locales/${language}/lab.ts`]
  if (read) i18n.global.mergeLocaleMessage(language, { lab: (await read()).lab })
}

/** The language that was asked for last, and whether the Lab was. */
let [asked, labAsked]: [Language, boolean] = ['en', false]

/** Puts a language into the window as soon as its words are there, and on the document. */
export async function speak(language: Language): Promise<void> {
  asked = language
  await Promise.all([readWords(language), labAsked && readLabWords(language)])
  if (asked !== language) return
  i18n.global.locale.value = language
  document.documentElement.lang = languages[language].tag
  document.documentElement.dir = languages[language].direction
}

/** What shows words of the Lab, with these words, in English too for what the window's language does not say. */
export async function withLabWords<Component>(component: Promise<Component>): Promise<Component> {
  labAsked = true
  await Promise.all([readLabWords('en'), readLabWords(asked)])
  return component
}
