import { shallowRef, watch } from 'vue'
import { useJobs } from '../../stores/jobs.ts'
import { studio } from '../../studio.ts'
import { inNumbers, type SeenTrace } from './trace.ts'

/** The predictions of the picture that is being made, as they are heard while `follows`; null where none is, or none yet. */
export function useLiveTrace(follows: () => boolean) {
  const jobs = useJobs()
  const live = shallowRef<SeenTrace | null>(null)
  /** Which picture, in which pass: the latents of another have another size. */
  let of = ''
  let asking = false

  async function ask(jobId: string): Promise<void> {
    const from = live.value?.steps.length ?? 0
    const answer = await studio.liveTrace({ jobId, from }).catch(() => null)
    if (!answer || jobs.running?.id !== jobId) return
    const { jobId: _, image, ...told } = answer
    const next = `${jobId} ${image} ${told.height} ${told.width}`
    const isNew = next !== of
    of = next
    // What came before is of another picture: the beginning of this one comes with the next question.
    if (isNew && from > 0) return void (live.value = null)
    if (told.steps.length === 0) return
    const heard = inNumbers({ ...told, keptBytes: null })
    const before = live.value
    live.value = before
      ? { ...heard, steps: [...before.steps, ...heard.steps], bytes: before.bytes + heard.bytes }
      : heard
  }

  watch(
    () => [follows() ? jobs.running : null, jobs.running?.progress?.step] as const,
    async ([job]) => {
      if (!job) return void (live.value = null)
      if (asking) return
      asking = true
      await ask(job.id).finally(() => (asking = false))
    },
    { immediate: true },
  )
  return live
}
