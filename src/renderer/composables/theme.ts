import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSettings } from '../stores/settings.ts'

/** Puts the chosen theme and language on the document, from the settings or else the system. */
export function useThemeAndLanguage(): void {
  const store = useSettings()
  const { locale } = useI18n()
  watchEffect(() => {
    document.documentElement.dataset['theme'] = store.settings.theme
    locale.value = chosenLanguage(store.settings.language)
    document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
  })
}

const chosenLanguage = (setting: 'system' | 'en' | 'zh'): 'en' | 'zh' =>
  setting === 'system' ? (navigator.language.startsWith('zh') ? 'zh' : 'en') : setting
