import { StudioError } from '../../shared/errors.ts'
import type { ImageRecord } from '../../shared/history.ts'
import type { Job, Progress } from '../../shared/jobs.ts'
import type { GenerationRequestInput } from '../../shared/request.ts'
import type { Studio } from '../studio.ts'

/**
 * Queues a request and answers its pictures. Whoever waits for them goes away by `signal`: then the job is cancelled, since
 * nobody else waits for it. Throws why it failed or was stopped.
 */
export async function drawPictures(
  studio: Studio,
  request: GenerationRequestInput,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (jobId: string, progress: Progress) => void },
): Promise<ImageRecord[]> {
  const ended = Promise.withResolvers<Job>()
  let jobId: string | null = null
  const unsubscribe = studio.subscribe({
    jobChanged: (job) => job.id === jobId && job.finishedAt !== null && ended.resolve(job),
    progress: (id, progress) => id === jobId && onProgress?.(id, progress),
  })
  const cancel = (): void => void (jobId !== null && studio.calls.cancel(jobId).catch(() => {}))
  try {
    const queued = await studio.calls.enqueue(request)
    jobId = queued.id
    // It may have ended before its id was known here.
    for (const job of await studio.calls.jobs())
      if (job.id === jobId && job.finishedAt !== null) ended.resolve(job)
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    const job = await ended.promise
    if (job.state === 'done') return await Promise.all(job.imageIds.map((id) => studio.calls.image(id)))
    throw new StudioError(
      job.error?.code ?? 'cancelled',
      job.error?.message ?? 'Stopped before it was finished.',
    )
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', cancel)
  }
}
