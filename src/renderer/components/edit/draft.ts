import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { changesNothing, uncroppedSize, type CropRect } from '../../../shared/library/edits.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import { editSchema, type Edit, type Levels } from '../../../shared/request/edit.ts'
import { largestCrop, scaledCrop, turnedCrop } from './cropRect.ts'

const noEdit: Edit = editSchema.parse({})
export const noLevels: Levels = { black: 0, gamma: 1, white: 255 }

/** Shapes a frame is kept to, width to height. */
export const shapes = ['free', 'original', '1:1', '4:3', '3:4', '3:2', '2:3', '16:9', '9:16'] as const
export type Shape = (typeof shapes)[number]

/** An edit in the making, and what turns, straightens, cuts and tones it. */
export function useDraft(image: Ref<ImageRecord>) {
  const frame = useFrame(image)
  const { edit, shape } = frame
  const levels = computed(() => edit.value.levels ?? noLevels)

  function setLevels(change: Partial<Levels>): void {
    const next = { ...levels.value, ...change }
    const isNone = next.black === 0 && next.gamma === 1 && next.white === 255
    edit.value = { ...edit.value, levels: isNone ? null : next }
  }

  function reset(): void {
    edit.value = noEdit
    shape.value = 'free'
  }

  watch(() => image.value.id, reset)
  const isNothing = computed(() => changesNothing(edit.value))

  return { ...frame, levels, isNothing, setLevels, reset }
}

export type Draft = ReturnType<typeof useDraft>

function useFrame(image: Ref<ImageRecord>) {
  const edit = shallowRef<Edit>(noEdit)
  const shape = ref<Shape>('free')
  const size = computed(() => uncroppedSize(image.value, edit.value))
  const whole = computed<CropRect>(() => ({ left: 0, top: 0, ...size.value }))
  const crop = computed(() => edit.value.crop ?? whole.value)
  const ratio = computed(() => {
    if (shape.value === 'free') return null
    if (shape.value === 'original') return size.value.width / size.value.height
    const [across, down] = shape.value.split(':').map(Number)
    return across / down
  })

  function setCrop(next: CropRect): void {
    const { width, height } = size.value
    const isWhole = next.width === width && next.height === height
    edit.value = { ...edit.value, crop: isWhole ? null : next }
  }

  function turn(by: 1 | -1): void {
    const before = size.value
    const { crop: cut, turns } = edit.value
    edit.value = {
      ...edit.value,
      turns: (turns + by + 4) % 4,
      crop: cut && turnedCrop(cut, by, before),
    }
    if (shape.value.includes(':')) shape.value = 'free'
  }

  function straighten(degrees: number): void {
    const before = size.value
    const { crop: cut } = edit.value
    const next = { ...edit.value, straighten: degrees }
    edit.value = { ...next, crop: cut && scaledCrop(cut, before, uncroppedSize(image.value, next)) }
  }

  function setShape(next: Shape): void {
    shape.value = next
    if (ratio.value !== null) setCrop(largestCrop(crop.value, ratio.value, size.value))
  }

  return { edit, size, crop, shape, ratio, setCrop, turn, straighten, setShape }
}
