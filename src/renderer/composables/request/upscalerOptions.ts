import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { builtInUpscaler, latentUpscalers } from '../../../shared/models/upscalers.ts'
import type { SelectOption } from '../../components/controls/fields/fields.ts'
import { useUpscalers } from '../../stores/upscalers.ts'

/** The ways to enlarge as people choose them: those for a finished picture, and all that a second pass has. */
export function useUpscalerOptions() {
  const { t, tm } = useI18n()
  const store = useUpscalers()

  const note = (name: string): string => {
    const notes: Record<string, string> = tm('larger.notes')
    return notes[name] ?? ''
  }
  const finished = computed((): SelectOption<string>[] =>
    store.upscalers.map(({ name, problem }) => ({
      value: name,
      label: name,
      note: problem ? t('larger.broken') : note(name),
      disabled: problem !== null,
    })),
  )
  const secondPass = computed((): SelectOption<string>[] => [
    ...finished.value,
    ...latentUpscalers.map((name) => ({ value: name, label: name, note: note(name) })),
  ])

  /** With the one that is chosen, though it is not here. */
  const withChosen = (options: readonly SelectOption<string>[], name: string): SelectOption<string>[] =>
    options.some(({ value }) => value === name)
      ? [...options]
      : [{ value: name, label: name, note: t('larger.gone') }, ...options]

  return { finished, secondPass, withChosen, common: [builtInUpscaler, 'Lanczos', 'Latent'] }
}
