import { useLocalStorage } from '@vueuse/core'
import { computed } from 'vue'
import { limits } from '../../../../shared/request/limits.ts'
import { useForm } from '../../../stores/form.ts'
import { useStage } from '../../../stores/stage.ts'

/** The size of the next picture, within what the model can make. */
export function useSize() {
  const form = useForm()
  const stage = useStage()
  const isRatioKept = useLocalStorage('latent-studio.ratio-locked', false)

  /** Of either side. Far above what a model was trained at, things repeat: the bar ends before that. */
  const range = computed(() => {
    const { sizeMultiple, maxSize, minSize, defaultWidth } = form.model?.info ?? {}
    const step = sizeMultiple ?? limits.size.multipleOf
    const max = Math.min(maxSize ?? limits.size.max, limits.size.max)
    const min = Math.ceil((minSize ?? limits.size.min) / step) * step
    return { min, max, step, softMax: Math.min(max, 2 * (defaultWidth ?? max)) }
  })

  /** One side; the other follows where the proportions are kept. */
  function setSide(side: 'width' | 'height', length: number | null): void {
    const { width, height } = form
    if (!isRatioKept.value || length === null || width === null || height === null) {
      setSize(side === 'width' ? length : width, side === 'height' ? length : height)
      return
    }
    const other = side === 'width' ? (length * height) / width : (length * width) / height
    const { min, max, step } = range.value
    const fitted = Math.min(max, Math.max(min, Math.round(other / step) * step))
    if (side === 'width') setSize(length, fitted)
    else setSize(fitted, length)
  }

  /** The model's own size is left open. */
  function setSize(width: number | null, height: number | null): void {
    const own = width === form.modelDefaults.width && height === form.modelDefaults.height
    form.request = { ...form.request, width: own ? null : width, height: own ? null : height }
    stage.fit()
  }

  return { range, isRatioKept, setSide, setSize }
}
