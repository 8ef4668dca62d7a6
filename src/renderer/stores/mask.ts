import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { assetPaths } from '../../shared/assetPaths.ts'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { InputImage } from '../../shared/library/history.ts'
import { inpaintSchema } from '../../shared/request/inpaint.ts'
import { upload } from '../composables/request/upload.ts'
import { maskLayer } from '../mask/layer.ts'
import { emptyMask, isEmpty, type Mask } from '../mask/mask.ts'
import { maskFromPicture, maskToPng } from '../mask/maskPng.ts'
import { useForm } from './form.ts'

export const maskTools = ['brush', 'eraser', 'lasso', 'rectangle'] as const
export type MaskTool = (typeof maskTools)[number]
/** Whether a tool draws round what it paints, and has no width. */
export const encloses = (tool: MaskTool): boolean => tool === 'lasso' || tool === 'rectangle'

/** Ms of rest after a change before the mask is handed to the studio. */
const rest = 400

/**
 * The mask over the picture to start from while it is painted, with what was done to it. The studio keeps it as a picture, which
 * the form names: it is there again after a reload.
 */
export const useMask = defineStore('mask', () => {
  const isOpen = ref(false)
  const tool = useLocalStorage<MaskTool>('latent-studio.mask-tool', 'brush')
  /** Diameter, in pixels of the picture. */
  const brushSize = useLocalStorage('latent-studio.mask-brush', 64)
  const { take, ...layer } = maskLayer(() => keeping.saveSoon())
  const keeping = keepMask(layer.mask, take)
  const { problem, settled } = keeping
  /** Whether it lies over the picture, or is hidden to look at that. Nobody paints unseen: what changes shows. */
  const isSeen = ref(true)
  watch(layer.changed, () => (isSeen.value = true), { flush: 'sync' })

  /** Lays the mask that the form names over a picture; none without one. */
  async function lie(picture: InputImage | null): Promise<void> {
    if (!picture) isOpen.value = false
    await keeping.lie(picture)
  }

  return { isOpen, isSeen, tool, brushSize, problem, settled, lie, ...layer }
})

/** Has the studio keep the mask after every change, and fetches the one that the form names. */
function keepMask(mask: { value: Mask | null }, take: (mask: Mask | null) => void) {
  const form = useForm()
  const problem = shallowRef<ErrorRecord | null>(null)
  /** The picture that the mask lies over, and the kept mask that it is the same as. */
  let over = ''
  let savedAs: string | null = null
  let timer = 0
  let saving = Promise.resolve()
  let unsaved = false

  async function lie(picture: InputImage | null): Promise<void> {
    const named = form.request.mask?.id ?? null
    const id = picture?.id ?? ''
    const isKnown = id === over && (named === savedAs || unsaved)
    if (isKnown) return
    over = id
    savedAs = named
    unsaved = false
    problem.value = null
    if (!picture) return take(null)
    try {
      const kept = named === null ? emptyMask(picture.width, picture.height) : await fetchMask(named, picture)
      if (over === id && savedAs === named) take(kept)
    } catch (error) {
      problem.value = toErrorRecord(error)
      take(emptyMask(picture.width, picture.height))
    }
  }

  function saveSoon(): void {
    unsaved = true
    clearTimeout(timer)
    timer = window.setTimeout(() => void settled(), rest)
  }

  /** Waits until the form names the mask as it is. */
  function settled(): Promise<void> {
    clearTimeout(timer)
    return (saving = saving.then(save))
  }

  async function save(): Promise<void> {
    if (!unsaved || !mask.value) return
    unsaved = false
    const [saved, picture] = [mask.value, over]
    try {
      const id = isEmpty(saved) ? null : (await upload(await maskToPng(saved))).id
      if (over !== picture) return
      problem.value = null
      savedAs = id
      const inpaint = form.request.inpaint ?? inpaintSchema.parse({ area: areaFor(saved) })
      form.request = { ...form.request, mask: id === null ? null : { id }, inpaint }
    } catch (error) {
      unsaved = true
      problem.value = toErrorRecord(error)
    }
  }

  /** A picture of another size than the request's stays as it is where its masked area alone is painted. */
  const areaFor = ({ width, height }: Mask): 'whole' | 'masked' =>
    width === form.width && height === form.height ? 'whole' : 'masked'

  return { problem, lie, saveSoon, settled }
}

/** A picture that the studio keeps as a mask for another one, brought to its size. */
export async function fetchMask(
  id: string,
  { width, height }: Pick<InputImage, 'width' | 'height'>,
): Promise<Mask> {
  const answer = await fetch(assetPaths.input(id))
  return maskFromPicture(await answer.blob(), width, height)
}
