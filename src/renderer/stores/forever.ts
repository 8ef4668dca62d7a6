import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { studio } from '../studio.ts'
import { useAsking } from './asking.ts'
import { useJobs } from './jobs.ts'
import { useToasts } from './toasts.ts'

/** One picture after the other, as the form stands when each begins, until one is cancelled, paused or fails. */
export const useForever = defineStore('forever', () => {
  const asking = useAsking()
  const jobs = useJobs()
  const toasts = useToasts()
  const on = ref(false)
  const lastId = ref<string | null>(null)
  const last = computed(() => (lastId.value === null ? null : jobs.byId(lastId.value)))

  /** A locked seed makes the first one; the same picture again would be nothing new. */
  async function next(isFirst: boolean): Promise<void> {
    const job = await asking.generate(isFirst ? {} : { seed: null, batchStart: 0, batchOf: null })
    lastId.value = job?.id ?? null
    if (!job) on.value = false
    // Cancelled between two pictures, while this one was asked for.
    else if (!on.value) await toasts.attempt(() => studio.cancel(job.id))
  }

  function toggle(): void {
    on.value = !on.value
    if (on.value) void next(true)
  }

  watch(
    () => [lastId.value, last.value?.state] as const,
    ([, state]) => {
      if (!on.value || state === 'queued' || state === 'running') return
      if (state === 'done') void next(false)
      else on.value = false
    },
  )

  return { on, toggle }
})
