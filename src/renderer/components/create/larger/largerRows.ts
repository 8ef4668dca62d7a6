import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { usualHires, useLarger } from '../../../composables/request/larger.ts'
import { useUpscalerOptions } from '../../../composables/request/upscalerOptions.ts'
import { useForm } from '../../../stores/form.ts'
import { placeOf, rowsOf } from '../fields/rows.ts'

const off = 'off'

/** Whether a picture becomes larger, and by what: by a second pass, and by an upscaler at the end. */
export function useLargerRows() {
  const { t } = useI18n()
  const form = useForm()
  const { hires, upscale, setHires, setUpscale } = useLarger()
  const { secondPass, finished, withChosen, common } = useUpscalerOptions()
  return computed(() => {
    const none = { value: off, label: t('field.off') }
    const atTheEnd = upscale.value ? withChosen(finished.value, upscale.value.upscaler) : finished.value
    return rowsOf(
      {
        hires: {
          ...{ kind: 'select', label: t('larger.hires'), help: t('larger.help.hires') },
          options: [none, ...withChosen(secondPass.value, (hires.value ?? usualHires).upscaler)],
          common: [off, ...common],
          value: hires.value?.upscaler ?? off,
          set: (upscaler: string) => setHires(upscaler === off ? null : { upscaler }),
          reset: () => setHires(null),
        },
        upscale: {
          ...{ kind: 'select', label: t('larger.upscale'), help: t('larger.help.upscale') },
          options: [none, ...atTheEnd],
          value: upscale.value?.upscaler ?? off,
          set: (upscaler: string) => setUpscale(upscaler === off ? null : { upscaler }),
          reset: () => setUpscale(null),
        },
      },
      placeOf(form),
    )
  })
}
