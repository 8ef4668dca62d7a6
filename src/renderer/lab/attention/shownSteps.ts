import { computed, type Ref } from 'vue'
import type { SeenAttention } from '../maths/attentionMaps.ts'

/** Which steps of a run are shown, one or all on their mean, and which of the texts that they read. */
export function useShownSteps({
  seen,
  settings,
}: {
  seen: Ref<SeenAttention | null>
  /** See the page's experiment. */
  settings: { prompt: number; step: number; all: boolean }
}) {
  const count = computed(() => seen.value?.steps.length ?? 1)
  const step = computed(() => Math.min(count.value, Math.max(1, Math.round(settings.step))) - 1)
  /** A step that was forecast read nothing: then the last one that read. */
  const readStep = computed(() => {
    const reading = (seen.value?.steps ?? []).flatMap(({ reads }, index) => (reads.length > 0 ? [index] : []))
    return reading.findLast((index) => index <= step.value) ?? 0
  })
  const wasForecast = computed(() => !settings.all && seen.value?.steps[step.value]?.reads.length === 0)
  const shown = computed(() =>
    settings.all ? Array.from({ length: count.value }, (_, index) => index) : [readStep.value],
  )

  /** The texts that can be looked at: of the mean all, of a step those that it read. */
  const texts = computed(() =>
    settings.all
      ? (seen.value?.texts.map((_, index) => index) ?? [])
      : (seen.value?.steps[readStep.value]?.reads.map(({ text: index }) => index) ?? []),
  )
  const text = computed(() => {
    const last = seen.value?.steps.findLast(({ reads }) => reads.length > 0)?.reads[0].text
    return (
      [settings.prompt, last].find((index) => index !== undefined && texts.value.includes(index)) ??
      texts.value[0] ??
      0
    )
  })
  const stepsThatRead = (index: number): number =>
    seen.value?.steps.filter(({ reads }) => reads.some((one) => one.text === index)).length ?? 0

  return { count, step, shown, wasForecast, texts, text, stepsThatRead }
}
