import type { Job, Progress } from '../shared/queue/jobs.ts'
import { StudioError } from '../shared/errors.ts'
import type { Studio } from '../studio/studio.ts'

/** Queues a job and waits until it is done, its progress told on stderr. Throws why it failed or was stopped. */
export async function jobToEnd(studio: Studio, enqueue: () => Promise<Job>): Promise<Job> {
  const ended = Promise.withResolvers<Job>()
  const unsubscribe = studio.subscribe({
    progress: (_jobId, progress) => showProgress(progress),
    jobChanged: (job) => job.finishedAt !== null && ended.resolve(job),
  })
  const { id } = await enqueue().catch((error: unknown) => {
    unsubscribe()
    throw error
  })
  const restore = onSignals(studio, id)
  const job = await ended.promise
  unsubscribe()
  restore()
  if (process.stderr.isTTY) process.stderr.write('\n')
  if (job.state === 'done') return job
  throw new StudioError(
    job.error?.code ?? 'cancelled',
    job.error?.message ?? 'Stopped before it was finished.',
  )
}

/** Once to finish the running evaluation, twice to end at once. Answers what lets signals be as they were. */
function onSignals(studio: Studio, id: string): () => void {
  let asked = 0
  const stop = (): void => void (asked++ === 0 ? studio.calls.cancel(id) : studio.calls.stopNow(id))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, stop)
  return () => signals.forEach((signal) => process.off(signal, stop))
}

let shown = ''

function showProgress({ phase, image, images, step, steps, pass, etaMs }: Progress): void {
  const which = images > 1 ? `image ${image + 1}/${images}, ` : ''
  const left = etaMs === null ? '' : `, ${(etaMs / 1000).toFixed(1)} s left`
  const inPass = pass === null ? '' : `pass ${pass}/2, `
  const line = `${which}${inPass}${phase} ${step}/${steps}${left}`
  if (line === shown) return
  shown = line
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
}
