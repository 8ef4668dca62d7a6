import { watch, watchEffect } from 'vue'
import { languageOf } from '../../../shared/languages.ts'
import { speak } from '../../i18n.ts'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/toasts.ts'

/** The language of the settings, or else of the system. */
export const chosenLanguage = () => languageOf(useSettings().settings.language, navigator.languages)

/** Puts the chosen theme and language on the document, from the settings or else the system. */
export function useThemeAndLanguage(): void {
  const store = useSettings()
  const toasts = useToasts()
  watchEffect(() => {
    document.documentElement.dataset['theme'] = store.settings.theme
  })
  watch(chosenLanguage, (language) => void toasts.attempt(() => speak(language)), { immediate: true })
}
