import { app } from 'electron'
import { languageOf, type Language } from '../shared/languages.ts'
import type { Settings } from '../shared/settings.ts'

/** What is said of newer versions of the program. */
const english = {
  isThere: (version: string) => `Latent Studio ${version} is there. Fetch it?`,
  detail: 'It is installed when you quit. Your pictures, models and settings stay.',
  fetchIt: 'Fetch it',
  notNow: 'Not now',
  isReady: (version: string) => `Latent Studio ${version} has been fetched. It is installed when you quit.`,
  failed: (reason: string) =>
    `No newer version could be fetched (${reason}). Nothing was changed; it is tried again at the next start.`,
}
export type UpdateWords = typeof english

/** Languages that are begun have these in English. */
const words: Partial<Record<Language, UpdateWords>> = {
  zh: {
    isThere: (version) => `有新版本 Latent Studio ${version}。要下载吗？`,
    detail: '退出时安装。图片、模型和设置都会保留。',
    fetchIt: '下载',
    notNow: '以后再说',
    isReady: (version) => `Latent Studio ${version} 已下载，退出时安装。`,
    failed: (reason) => `未能下载新版本（${reason}）。没有任何改动；下次启动时再试。`,
  },
}

export const updateWordsIn = (language: Settings['language']): UpdateWords =>
  words[languageOf(language, app.getPreferredSystemLanguages())] ?? english
