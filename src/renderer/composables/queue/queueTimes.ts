import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import type { QueueTimes } from '../../../shared/queue/jobs.ts'
import { useJobs } from '../../stores/jobs.ts'
import { studio } from '../../studio.ts'

/** Ms without a change of the queue before its time is asked for. */
const pause = 200

/** How long what waits will take, for as long as it shows. */
export function useQueueTimes() {
  const jobs = useJobs()
  const times = shallowRef<QueueTimes | null>(null)

  watchDebounced(
    () => jobs.queued.map(({ id }) => id).join(),
    // Without an answer there is no time to show.
    () =>
      void studio.queueTimes().then(
        (answer) => (times.value = answer),
        () => (times.value = null),
      ),
    { debounce: pause, immediate: true },
  )

  const byJob = computed(() => new Map(times.value?.jobs.map(({ id, timeMs }) => [id, timeMs])))
  /** Ms until all is done, and whether that is known of all of it; null: nothing is known. */
  const all = computed(() => {
    const running = jobs.running?.progress?.etaMs ?? null
    const leftMs = (running ?? 0) + (times.value?.waitingMs ?? 0)
    const isWhole = times.value?.unknown === 0 && (running !== null || !jobs.running)
    return leftMs > 0 ? { leftMs, isWhole } : null
  })
  return { byJob, all }
}
