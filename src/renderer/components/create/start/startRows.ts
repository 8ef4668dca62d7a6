import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { resizeModes, type ResizeMode } from '../../../../shared/request/request.ts'
import { useForm } from '../../../stores/form.ts'
import { useStage } from '../../../stores/stage.ts'
import { placeIn, placeOf, rowsOf, share } from '../fields/rows.ts'

interface Fitted {
  resizeMode: ResizeMode
}
const usual: Fitted = { resizeMode: 'crop' }

/** What becomes of the picture to start from, in the person's language. */
export function useStartRows() {
  const { t } = useI18n()
  const form = useForm()
  const stage = useStage()
  return computed(() => {
    const { initImage } = form.request
    const place = placeIn<Fitted>(initImage ?? usual, usual, (changed) => {
      if (!initImage) return
      form.request = { ...form.request, initImage: { ...initImage, ...changed } }
      stage.fit()
    })
    return {
      ...rowsOf(
        { denoiseStrength: { ...share(0.01), label: t('field.strength'), help: t('help.strength') } },
        placeOf(form),
      ),
      ...rowsOf(
        {
          resizeMode: {
            ...{ kind: 'choice', label: t('field.resize'), help: t('help.resize') },
            options: resizeModes.map((value) => ({ value, label: t(`resize.${value}`) })),
          },
        },
        place,
      ),
    }
  })
}
