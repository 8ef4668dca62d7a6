import { computed, ref } from 'vue'
import { useLookProgress } from '../../stores/look.ts'

/** How far a race has come since it was started, and how long the rest takes at its pace. */
export function usePace(inRun: () => number | null, ahead: () => number) {
  const told = useLookProgress()
  const began = ref(0)
  /** Evaluations of the runs that are over. */
  const over = ref(0)

  const done = computed(() => {
    const { progress } = told
    const evaluations = inRun()
    if (evaluations === null || progress?.phase !== 'denoising') return over.value
    return over.value + (progress.step / progress.steps) * evaluations
  })
  const all = computed(() => over.value + ahead())
  return {
    share: computed(() => done.value / Math.max(1, all.value)),
    /** In ms; null: not known yet. */
    remainingMs: computed(() => {
      if (done.value < 2) return null
      return ((performance.now() - began.value) / done.value) * (all.value - done.value)
    }),
    begin(): void {
      began.value = performance.now()
      over.value = 0
    },
    add: (evaluations: number) => (over.value += evaluations),
  }
}
