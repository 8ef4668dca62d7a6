import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSettingChoices } from '../../composables/frame/settingChoices.ts'
import type { Command } from './commands.ts'

/** Every choice of the settings by its name: "Theme: Dark". */
export function useSettingCommands(): ComputedRef<Command[]> {
  const { t } = useI18n()
  const choices = useSettingChoices()
  return computed(() =>
    choices.value.flatMap(({ name, value, options, choose }) =>
      options
        .filter(({ disabled }) => !disabled)
        .map((option) => ({
          id: `setting-${name}-${option.value}`,
          group: 'settings' as const,
          title: `${t(`settings.${name}`)}: ${option.label}`,
          isCurrent: option.value === value,
          run: () => choose(option.value),
        })),
    ),
  )
}
