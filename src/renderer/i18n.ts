import { createI18n } from 'vue-i18n'
import { languages, type Language } from '../shared/languages.ts'
import { en, type Begun, type Messages } from './locales/en.ts'
import { pluralRules } from './locales/plurals.ts'

const messages: { [L in Language]?: Messages } = { en }

/** The window begins in English, which also says what another language has no words for. */
export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages,
  pluralRules,
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

/** The language that was asked for last. */
let asked: Language = 'en'

/** Puts a language into the window as soon as its words are there, and on the document. */
export async function speak(language: Language): Promise<void> {
  asked = language
  if (language !== 'en' && !i18n.global.availableLocales.includes(language))
    i18n.global.setLocaleMessage(language, (await words[language]()) as Messages)
  if (asked !== language) return
  i18n.global.locale.value = language
  document.documentElement.lang = languages[language].tag
  document.documentElement.dir = languages[language].direction
}
