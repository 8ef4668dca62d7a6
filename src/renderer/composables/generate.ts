import { computed } from 'vue'
import { useConnection } from '../stores/connection.ts'
import { useForm } from '../stores/form.ts'
import { useJobs } from '../stores/jobs.ts'
import { useStage } from '../stores/stage.ts'
import { useToasts } from '../stores/toasts.ts'
import { studio } from '../studio.ts'

/** Asking for pictures and taking it back. */
export function useGenerate() {
  const connection = useConnection()
  const form = useForm()
  const jobs = useJobs()
  const stage = useStage()
  const toasts = useToasts()

  const ready = computed(
    () => connection.state === 'connected' && form.model?.info !== undefined && form.model.info !== null,
  )

  async function generate(): Promise<void> {
    if (!ready.value) return
    const job = await toasts.attempt(() => studio.enqueue(form.toRequest()))
    if (!job) return
    jobs.add(job)
    stage.follow(job.id)
  }

  async function cancel(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.cancel(jobId))
  }

  async function stopNow(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.stopNow(jobId))
  }

  async function retry(jobId: string): Promise<void> {
    const job = await toasts.attempt(() => studio.retry(jobId))
    if (!job) return
    jobs.add(job)
    stage.follow(job.id)
  }

  async function dismiss(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.dismissJob(jobId))
  }

  return { ready, generate, cancel, stopNow, retry, dismiss }
}
