import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { assetPaths } from '../../shared/assetPaths.ts'
import type { InputImage } from '../../shared/library/history.ts'
import { upload } from '../composables/request/upload.ts'
import { keepMask } from '../mask/keepMask.ts'
import { maskLayer } from '../mask/layer.ts'
import type { Mask } from '../mask/mask.ts'
import { maskFromPicture, maskToPng } from '../mask/maskPng.ts'
import { useForm } from './form.ts'

export const maskTools = ['brush', 'eraser', 'lasso', 'rectangle'] as const
export type MaskTool = (typeof maskTools)[number]
/** Whether a tool draws round what it paints, and has no width. */
export const encloses = (tool: MaskTool): boolean => tool === 'lasso' || tool === 'rectangle'

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
  const keeping = keepMask(layer.mask, take, useForm(), {
    save: async (mask) => (await upload(await maskToPng(mask))).id,
    load: fetchMask,
  })
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

/** A picture that the studio keeps as a mask for another one, brought to its size. */
export async function fetchMask(
  id: string,
  { width, height }: Pick<InputImage, 'width' | 'height'>,
): Promise<Mask> {
  const answer = await fetch(assetPaths.input(id))
  return maskFromPicture(await answer.blob(), width, height)
}
