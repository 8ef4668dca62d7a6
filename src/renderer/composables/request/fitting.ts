import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { isInpainted } from '../../../shared/request/inpaint.ts'
import { fittingOf, type Fitting } from '../../mask/fitting.ts'
import { nothingAdded } from '../../mask/outpaint.ts'
import { useForm } from '../../stores/form.ts'
import { useStartPicture } from '../../stores/startPicture.ts'
import { useNumberWords } from '../words/numberWords.ts'

/** How the picture to start from is brought to the size that is asked for; null where nothing has to be. */
export function useFitting() {
  const form = useForm()
  const start = useStartPicture()
  return computed((): Fitting | null => {
    const { initImage, inpaint } = form.request
    const { width, height } = form
    if (!start.picture || !width || !height) return null
    // The masked area alone is painted: the picture keeps its own size.
    if (isInpainted(form.request) && inpaint?.area === 'masked') return null
    return fittingOf(start.picture, {
      ...{ added: inpaint?.outpaint ?? nothingAdded, result: { width, height } },
      mode: initImage?.resizeMode ?? 'crop',
    })
  })
}

/** What a fitting does to the picture, in words. */
export function useFittingWords() {
  const { t } = useI18n()
  const { fixed } = useNumberWords()
  return ({ mode, change }: Fitting): string =>
    t(`start.change.${mode}`, { share: fixed(Math.max(0.01, change), 0, { style: 'percent' }) })
}
