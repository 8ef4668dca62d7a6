import { computed, shallowRef, watch, type Ref } from 'vue'
import type { UnetDrawing } from '../../../shared/calls/insideCalls.ts'
import { publishedFreeU, scaledFreeU } from './freeU.ts'

/** What is turned on a U-Net: skip connections that are cut, and FreeU's factors. */
export function useTurnedConnections({
  drawing,
  settings,
}: {
  drawing: Ref<UnetDrawing | null>
  /** See the page's experiment. */
  settings: { off: string; freeU: boolean; b: number; s: number }
}) {
  const off = computed(
    () => new Set(settings.off.split(',').flatMap((part) => (/^\d+$/.test(part) ? [Number(part)] : []))),
  )
  function switchSkip(index: number): void {
    const now = new Set(off.value)
    if (!now.delete(index)) now.add(index)
    settings.off = [...now].sort((a, b) => a - b).join(',')
  }
  const freeU = computed(() =>
    scaledFreeU(
      publishedFreeU(drawing.value?.family ?? ''),
      settings.freeU ? { b: settings.b, s: settings.s } : { b: 0, s: 0 },
    ),
  )
  const skips = computed(() => drawing.value?.skips ?? 0)
  const dials = computed(() => ({
    skips: Array.from({ length: skips.value }, (_, index) => (off.value.has(index) ? 0 : 1)),
    freeU: freeU.value,
  }))
  const neutral = computed(() =>
    JSON.stringify({
      skips: Array.from({ length: skips.value }, () => 1),
      freeU: { b: [1, 1], s: [1, 1] },
    }),
  )
  /** As they last were at rest: while a slider is dragged the network is left alone. */
  const rested = shallowRef(JSON.stringify(dials.value))
  const rest = (): void => void (rested.value = JSON.stringify(dials.value))
  watch(() => [drawing.value, settings.off, settings.freeU], rest)

  return { off, switchSkip, freeU, dials, neutral, rested, rest }
}
