import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useUpscalerOptions } from '../../../composables/request/upscalerOptions.ts'
import { useForm } from '../../../stores/form.ts'
import { usualHires, useLarger } from '../../../stores/larger.ts'
import { placeOf, rowsOf } from '../fields/rows.ts'

const off = 'off'

/** Whether a picture becomes larger, and by what: by a second pass, and by an upscaler at the end. */
export function useLargerRows() {
  const { t } = useI18n()
  const form = useForm()
  const larger = useLarger()
  const { secondPass, finished, withChosen, common } = useUpscalerOptions()
  return computed(() => {
    const none = { value: off, label: t('field.off') }
    const { hires, upscale, setHires, setUpscale } = larger
    const atTheEnd = upscale ? withChosen(finished.value, upscale.upscaler) : finished.value
    return rowsOf(
      {
        hires: {
          ...{ kind: 'select', label: t('larger.hires'), help: t('larger.help.hires') },
          options: [none, ...withChosen(secondPass.value, (hires ?? usualHires).upscaler)],
          common: [off, ...common],
          value: hires?.upscaler ?? off,
          set: (upscaler: string) => setHires(upscaler === off ? null : { upscaler }),
          reset: () => setHires(null),
        },
        upscale: {
          ...{ kind: 'select', label: t('larger.upscale'), help: t('larger.help.upscale') },
          options: [none, ...atTheEnd],
          value: upscale?.upscaler ?? off,
          set: (upscaler: string) => setUpscale(upscaler === off ? null : { upscaler }),
          reset: () => setUpscale(null),
        },
      },
      placeOf(form),
    )
  })
}
