import { useIntervalFn } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { FarmState } from '../../../shared/queue/farm.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'

/** How often it is asked how the farm stands while that shows, in ms. */
const everyMs = 2000

/** The studio's farm, for as long as it shows; null: there is none, or it is not known yet. */
export function useFarm() {
  const toasts = useToasts()
  const farm = shallowRef<FarmState | null>(null)

  async function look(): Promise<void> {
    // A studio that does not answer is told of elsewhere.
    farm.value = await studio.farm().catch(() => farm.value)
  }
  useIntervalFn(() => void look(), everyMs, { immediateCallback: true })

  async function change(made: Promise<unknown>): Promise<void> {
    await toasts.attempt(() => made)
    await look()
  }
  return {
    farm,
    pause: (name: string, isPaused: boolean) => change(studio.pauseWorker(name, isPaused)),
    retry: (jobId: string) => change(studio.retry(jobId)),
    discard: (imageId: string) => change(studio.discardLetter(imageId)),
  }
}
