import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { languageNames, languages } from '../../../shared/languages.ts'
import { devices } from '../../../shared/request/request.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { SelectOption } from '../../components/controls/fields/fields.ts'
import { useConnection } from '../../stores/connection.ts'
import { useSettings } from '../../stores/settings.ts'
import { useToasts } from '../../stores/toasts.ts'
import { useNotifications } from '../queue/notifications.ts'

interface Choice {
  name: 'theme' | 'language' | 'device' | 'notify' | 'tellPrompts' | 'lookForUpdates'
  value: string
  options: readonly SelectOption<string>[]
  choose(value: string): void
}

/** The settings that are one of a few: as the dialog lists them, and as the command palette finds them. */
export function useSettingChoices(): ComputedRef<readonly Choice[]> {
  const { t } = useI18n()
  const connection = useConnection()
  const store = useSettings()
  const toasts = useToasts()
  const notifications = useNotifications()

  const change = (part: Partial<Settings>): void => void toasts.attempt(() => store.change(part))
  const onOff = (): Choice['options'] =>
    (['on', 'off'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))

  return computed(() => {
    const { theme, language, device, lookForUpdates, tellPrompts } = store.settings
    const themes = (['system', 'dark', 'light'] as const).map((value) => ({
      value,
      label: t(`settings.themes.${value}`),
    }))
    const languageOptions = [
      { value: 'system', label: t('settings.systemLanguage') },
      ...languageNames.map((value) => ({
        value,
        label: languages[value].name,
        ...(!languages[value].reviewed && { note: t('settings.languageBegun') }),
      })),
    ]
    const deviceOptions = devices.map((value) => {
      const known = connection.devices.find((record) => record.device === value)
      return { value, label: t(`settings.devices.${value}`), disabled: known?.available === false }
    })
    return [
      choice('theme', theme, themes, (value) => change({ theme: value })),
      choice('language', language, languageOptions, (value) => change({ language: value })),
      choice('device', device, deviceOptions, (value) => change({ device: value })),
      choice(
        'notify',
        notifications.isOn.value ? 'on' : 'off',
        onOff(),
        (value) => void notifications.choose(value === 'on'),
      ),
      choice('tellPrompts', tellPrompts ? 'on' : 'off', onOff(), (value) =>
        change({ tellPrompts: value === 'on' }),
      ),
      ...(connection.status?.canUpdate
        ? [
            choice('lookForUpdates', lookForUpdates ? 'on' : 'off', onOff(), (value) =>
              change({ lookForUpdates: value === 'on' }),
            ),
          ]
        : []),
    ]
  })
}

/** What is chosen is one of the options, and so of their type. */
const choice = <Value extends string>(
  name: Choice['name'],
  value: Value,
  options: readonly SelectOption<string>[],
  choose: (value: Value) => void,
): Choice => ({ name, value, options, choose: (chosen) => choose(chosen as Value) })
