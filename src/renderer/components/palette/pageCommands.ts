import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { goTo, places, usePlace } from '../../composables/frame/place.ts'
import { addressOf, labPages } from '../../lab/labAddress.ts'
import type { Command } from './commands.ts'

/** Every page of the window, those of the Lab too. */
export function usePageCommands(): ComputedRef<Command[]> {
  const { t } = useI18n()
  const place = usePlace()
  return computed(() => [
    ...places.map((name) => ({
      id: `page-${name}`,
      group: 'pages' as const,
      title: t(`place.${name}`),
      isCurrent: place.value === name,
      run: () => goTo(name),
    })),
    ...labPages.map((name) => ({
      id: `page-lab-${name}`,
      group: 'pages' as const,
      title: `${t('place.lab')}: ${t(`lab.${name}.title`)}`,
      run: () => (location.hash = addressOf(name)),
    })),
  ])
}
