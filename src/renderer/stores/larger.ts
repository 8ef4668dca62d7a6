import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { generationRequestSchema } from '../../shared/request/request.ts'
import { limits } from '../../shared/request/limits.ts'
import type { Hires, Upscale } from '../../shared/request/passes.ts'
import { hiresSize } from '../../shared/models/upscalers.ts'
import { useForm } from './form.ts'

/** What a second pass has where nothing is chosen. */
export const usualHires: Hires = generationRequestSchema.parse({ hires: {} }).hires!
export const usualScale = 2

/** The second pass and the enlargement of the next picture, and the size the pass leads to. */
export const useLarger = defineStore('larger', () => {
  const form = useForm()
  /** What was set before it was turned off. */
  const lastHires = shallowRef<Hires>(usualHires)
  const lastUpscale = shallowRef<Upscale>({ upscaler: '', scale: usualScale })
  const hires = computed(() => form.request.hires)
  const upscale = computed(() => form.request.upscale)

  /** null turns it off. */
  function setHires(change: Partial<Hires> | null): void {
    if (hires.value) lastHires.value = hires.value
    form.request = { ...form.request, hires: change && { ...lastHires.value, ...change } }
  }
  function setUpscale(change: Partial<Upscale> | null): void {
    if (upscale.value) lastUpscale.value = upscale.value
    form.request = { ...form.request, upscale: change && { ...lastUpscale.value, ...change } }
  }

  /** The size that is upscaled in the end. */
  const passed = computed(() => {
    const drawn = { width: form.width ?? 0, height: form.height ?? 0 }
    const multiple = form.model?.info?.sizeMultiple ?? limits.size.multipleOf
    const isDrawn = hires.value && form.width !== null && !form.request.initImage
    return isDrawn ? hiresSize(drawn, hires.value, multiple).result : drawn
  })
  const passesLimits = computed(() => {
    const { width, height } = passed.value
    return Math.min(width, height) >= limits.hiresSize.min && Math.max(width, height) <= limits.hiresSize.max
  })

  return { hires, upscale, setHires, setUpscale, passed, passesLimits }
})
