import { app } from 'electron'
import { languageOf, type Language } from '../shared/languages.ts'
import type { Settings } from '../shared/settings.ts'
import { de } from './locales/de.ts'
import { en, type Words } from './locales/en.ts'
import { es } from './locales/es.ts'
import { fr } from './locales/fr.ts'
import { ja } from './locales/ja.ts'
import { ko } from './locales/ko.ts'
import { pt } from './locales/pt.ts'
import { ru } from './locales/ru.ts'
import { zh } from './locales/zh.ts'

const all: Record<Language, Words> = { en, zh, ja, de, fr, es, pt, ru, ko }

/** Until the settings are read, the language of the system. */
let chosen: Settings['language'] = 'system'

/** Has the shell speak as the settings say. */
export const speak = (language: Settings['language']): void => void (chosen = language)

/** What the shell says, in the language of the settings, or else of the system. */
export const words = (): Words => all[languageOf(chosen, app.getPreferredSystemLanguages())]
