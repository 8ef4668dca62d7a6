import { useI18n } from 'vue-i18n'
import type { Preset } from '../../../shared/calls/promptCalls.ts'
import { useForm } from '../../stores/form.ts'
import { useToasts } from '../../stores/toasts.ts'

/** Takes over settings that were kept by name, and offers the form back as it was. */
export function useApplyPreset(): (preset: Preset) => void {
  const { t } = useI18n()
  const form = useForm()
  const toasts = useToasts()
  return (preset) => {
    const { request, seedLocked } = form
    form.applyPreset(preset)
    const undo = (): void => {
      form.request = request
      form.seedLocked = seedLocked
    }
    toasts.show({
      message: t('presets.applied', { name: preset.name }),
      action: { label: t('action.undo'), run: undo },
    })
  }
}
