import { computed } from 'vue'
import { limits } from '../../../../shared/request/limits.ts'
import { useStartPicture } from '../../../stores/startPicture.ts'
import { nothingAdded, sides, withSide, type Side } from '../../../mask/outpaint.ts'
import { useForm } from '../../../stores/form.ts'

/** What is added to the sides of the picture to start from. */
export function useOutpaint() {
  const form = useForm()
  const start = useStartPicture()
  const added = computed(() => form.request.inpaint?.outpaint ?? nothingAdded)
  const isAdded = computed(() => sides.some((side) => added.value[side] > 0))

  function set(side: Side, pixels: number): void {
    const info = form.model?.info
    if (!start.picture || !form.width || !form.height) return
    const sizes = {
      max: Math.min(info?.maxSize ?? limits.size.max, limits.size.max),
      multipleOf: info?.sizeMultiple ?? limits.size.multipleOf,
    }
    const request = { ...form.request, width: form.width, height: form.height }
    form.request = withSide(request, start.picture, { side, pixels, sizes })
  }

  return { added, isAdded, set, clear: () => sides.forEach((side) => set(side, 0)) }
}
