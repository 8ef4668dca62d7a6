import { StudioError } from '../../shared/errors.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { Job, Progress } from '../../shared/queue/jobs.ts'
import type { GenerationRequestInput } from '../../shared/request/request.ts'
import type { Studio } from '../studio.ts'

interface Waiting {
  /** Who waits goes away by it: then the job is cancelled, since nobody else waits for it. */
  signal: AbortSignal
  onQueued?: (job: Job) => void
  onProgress?: (jobId: string, progress: Progress) => void
}

/** Queues a request and answers its pictures. Throws why it failed or was stopped. */
export async function drawPictures(
  studio: Studio,
  request: GenerationRequestInput,
  waiting: Waiting,
): Promise<ImageRecord[]> {
  const job = await untilEnd(studio, () => studio.calls.enqueue(request), waiting)
  if (job.state === 'done') return picturesOf(studio, job)
  throw failureOf(job)
}

/** Queues a job and answers how it ended. */
export async function untilEnd(
  studio: Studio,
  queue: () => Promise<Job>,
  { signal, onQueued, onProgress }: Waiting,
): Promise<Job> {
  const ended = Promise.withResolvers<Job>()
  let jobId: string | null = null
  const unsubscribe = studio.subscribe({
    jobChanged: (job) => job.id === jobId && job.finishedAt !== null && ended.resolve(job),
    progress: (id, progress) => id === jobId && onProgress?.(id, progress),
  })
  const cancel = (): void => void (jobId !== null && studio.calls.cancel(jobId).catch(() => {}))
  try {
    const queued = await queue()
    jobId = queued.id
    onQueued?.(queued)
    // It may have ended before its id was known here.
    for (const job of await studio.calls.jobs())
      if (job.id === jobId && job.finishedAt !== null) ended.resolve(job)
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    return await ended.promise
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', cancel)
  }
}

export const picturesOf = (studio: Studio, { imageIds }: Job): Promise<ImageRecord[]> =>
  Promise.all(imageIds.map((id) => studio.calls.image(id)))

export const failureOf = ({ error }: Job): StudioError =>
  new StudioError(error?.code ?? 'cancelled', error?.message ?? 'Stopped before it was finished.')
