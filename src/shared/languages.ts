/**
 * The languages of the window: their own names, their tags (BCP 47), and whether somebody who grew up with the language has
 * looked through its words. What a language has no words for yet is said in English.
 */
export const languages = {
  en: { name: 'English', tag: 'en', direction: 'ltr', reviewed: true },
  zh: { name: '中文', tag: 'zh-CN', direction: 'ltr', reviewed: true },
  ja: { name: '日本語', tag: 'ja', direction: 'ltr', reviewed: false },
  de: { name: 'Deutsch', tag: 'de', direction: 'ltr', reviewed: false },
  fr: { name: 'Français', tag: 'fr', direction: 'ltr', reviewed: false },
  es: { name: 'Español', tag: 'es', direction: 'ltr', reviewed: false },
  pt: { name: 'Português (Brasil)', tag: 'pt-BR', direction: 'ltr', reviewed: false },
  ru: { name: 'Русский', tag: 'ru', direction: 'ltr', reviewed: false },
  ko: { name: '한국어', tag: 'ko', direction: 'ltr', reviewed: false },
} as const satisfies Record<
  string,
  { name: string; tag: string; direction: 'ltr' | 'rtl'; reviewed: boolean }
>

export type Language = keyof typeof languages

export const languageNames = Object.keys(languages) as Language[]

/**
 * The language that a setting means.
 * @param preferred the system's languages as BCP 47 tags, the best first; English where none of them is here
 */
export function languageOf(setting: 'system' | Language, preferred: readonly string[]): Language {
  if (setting !== 'system') return setting
  const wanted = preferred.map((tag) => tag.split('-')[0]?.toLowerCase())
  for (const name of wanted) {
    const found = languageNames.find((language) => language === name)
    if (found) return found
  }
  return 'en'
}
