import { app } from 'electron'
import { languageOf, type Language } from '../shared/languages.ts'
import type { Settings } from '../shared/settings.ts'

/** What is said of newer versions of the program. */
const english = {
  isThere: (version: string) => `Latent Studio ${version} is there. Fetch it?`,
  detail: 'It is installed when you quit. Your pictures, models and settings stay.',
  fetchIt: 'Fetch it',
  notNow: 'Not now',
}
export type UpdateWords = typeof english

/** Languages that are begun have these in English. */
const words: Partial<Record<Language, UpdateWords>> = {
  zh: {
    isThere: (version) => `有新版本 Latent Studio ${version}。要下载吗？`,
    detail: '退出时安装。图片、模型和设置都会保留。',
    fetchIt: '下载',
    notNow: '以后再说',
  },
}

export const updateWordsIn = (language: Settings['language']): UpdateWords =>
  words[languageOf(language, app.getPreferredSystemLanguages())] ?? english
