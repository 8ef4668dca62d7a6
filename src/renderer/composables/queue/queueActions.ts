import { until } from '@vueuse/core'
import { useI18n } from 'vue-i18n'
import { useJobs } from '../../stores/jobs.ts'
import { useStage } from '../../stores/stage.ts'
import { useToasts } from '../../stores/toasts.ts'
import { studio } from '../../studio.ts'

/** What can be done with jobs that are there. */
export function useQueueActions() {
  const { t } = useI18n()
  const jobs = useJobs()
  const stage = useStage()
  const toasts = useToasts()

  async function cancel(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.cancel(jobId))
  }

  async function pause(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.pause(jobId))
  }

  async function resume(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.resume(jobId))
  }

  /** Holds what runs and waits, until all of it goes on. */
  async function pauseAll(): Promise<void> {
    await toasts.attempt(studio.pauseAll)
  }

  async function resumeAll(): Promise<void> {
    await toasts.attempt(studio.resumeAll)
  }

  async function stopNow(jobId: string): Promise<void> {
    await toasts.attempt(() => studio.stopNow(jobId))
  }

  async function retry(jobId: string): Promise<void> {
    const job = await toasts.attempt(() => studio.retry(jobId))
    if (!job) return
    stage.start(job)
  }

  /** Queues all that failed again, in the order in which it was asked for. */
  async function retryFailed(): Promise<void> {
    for (const { id } of jobs.failed)
      if (jobs.byId(id)?.state === 'failed') await toasts.attempt(() => studio.retry(id))
  }

  /** Takes jobs that ended out of the list, and offers to put them back. */
  async function dismiss(jobIds: string[]): Promise<void> {
    const isDone = await toasts.attempt(() => studio.dismissJobs(jobIds).then(() => true))
    if (!isDone) return
    const run = (): void => void toasts.attempt(() => studio.bringJobsBack(jobIds))
    toasts.show({ message: t('toast.dismissed', jobIds.length), action: { label: t('action.undo'), run } })
  }

  /** Cancels what runs and waits, and offers to queue it all again. */
  async function cancelAll(): Promise<void> {
    const ids = await toasts.attempt(() => studio.cancelAll())
    if (!ids?.length) return
    const again = async (): Promise<void> => {
      for (const id of ids) {
        // What ran may still be stopping; one after the other, they come back in their order.
        await until(() => jobs.byId(id)?.state !== 'running').toBe(true)
        await toasts.attempt(() => studio.retry(id))
      }
    }
    const action = { label: t('action.undo'), run: () => void again() }
    toasts.show({ message: t('toast.cancelled', ids.length), action })
  }

  /** Puts a job that waits before another one, or at the end: here at once, then in the studio. */
  async function move(jobId: string, before: string | null): Promise<void> {
    jobs.move(jobId, before)
    const isMoved = await toasts.attempt(() => studio.moveJob(jobId, before).then(() => true))
    if (!isMoved) await toasts.attempt(() => jobs.refresh())
  }

  const all = { pauseAll, resumeAll, cancelAll, retryFailed }
  return { ...all, pause, resume, cancel, stopNow, move, retry, dismiss }
}
