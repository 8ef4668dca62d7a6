import type { Job, Progress } from '../../../shared/queue/jobs.ts'
import { doneFraction } from '../../../shared/queue/doneFraction.ts'
import { convertToPng } from '../../pictures/images.ts'
import type { Studio } from '../../studio.ts'
import { base64Of } from '../base64Of.ts'
import { failureOf, untilEnd } from '../drawPictures.ts'

/** A call that somebody waits for: its iterations are jobs, one after the other. */
interface Waiting {
  caller: string
  startedAt: number
  /** By iteration; null until it is queued. */
  jobs: (Job | null)[]
  ended: number
  running: { job: Job; progress: Progress } | null
  stopped: AbortController
  skipped: boolean
}

/** The calls under way, for those that ask how far they are and stop them. Everybody sees and stops only what they asked for. */
export function createCalls(studio: Studio) {
  const calls = new Set<Waiting>()
  /** The one that is drawn, else the one that waits longest. */
  const currentOf = (caller: string): Waiting | undefined => {
    const own = [...calls].filter((call) => call.caller === caller)
    return own.find(({ running }) => running) ?? own[0]
  }
  return {
    /**
     * Runs jobs for a caller and answers how they ended. Who hangs up, or interrupts, cancels them all; of a job that fails, the
     * others are cancelled and its failure is thrown.
     */
    async run(caller: string, signal: AbortSignal, queue: readonly (() => Promise<Job>)[]): Promise<Job[]> {
      const stopped = new AbortController()
      const call: Waiting = {
        ...{ caller, startedAt: Date.now(), jobs: queue.map(() => null), ended: 0, running: null },
        ...{ stopped, skipped: false },
      }
      calls.add(call)
      const ending = AbortSignal.any([signal, stopped.signal])
      try {
        const ended = await Promise.allSettled(
          queue.map((one, index) => runOne(studio, call, { queue: one, index, signal: ending })),
        )
        const failed = ended.find(({ status }) => status === 'rejected')
        if (failed) throw (failed as PromiseRejectedResult).reason
        return ended.map((one) => (one as PromiseFulfilledResult<Job>).value)
      } finally {
        calls.delete(call)
      }
    },
    interrupt: (caller: string): void => currentOf(caller)?.stopped.abort(),
    /** Goes on with the next iteration. */
    skip(caller: string): void {
      const call = currentOf(caller)
      if (!call?.running) return
      call.skipped = true
      void studio.calls.cancel(call.running.job.id).catch(() => {})
    },
    /** As /progress tells it (modules/shared_state.py, State.dict). */
    async progress(caller: string, withPicture: boolean) {
      const call = currentOf(caller)
      const { running, ended = 0, jobs = [] } = call ?? {}
      const part = running ? doneFraction({ progress: running.progress, request: running.job.request }) : 0
      const preview = running?.progress.previewUrl ?? null
      return {
        progress: jobs.length > 0 ? Math.min(1, (ended + part) / jobs.length) : 0,
        eta_relative: (running?.progress.etaMs ?? 0) / 1000,
        state: {
          skipped: call?.skipped ?? false,
          interrupted: call?.stopped.signal.aborted ?? false,
          stopping_generation: running?.progress.stopping ?? false,
          job: running?.job.id ?? '',
          job_count: jobs.length,
          job_timestamp: timestamp(call?.startedAt ?? 0),
          job_no: ended,
          sampling_step: running?.progress.step ?? 0,
          sampling_steps: running?.progress.steps ?? 0,
        },
        current_image: withPicture && preview ? await pngOf(studio, preview).catch(() => null) : null,
        textinfo: running ? null : jobs.length > 0 ? 'waiting in the queue' : null,
      }
    },
  }
}

export type Calls = ReturnType<typeof createCalls>

async function runOne(
  studio: Studio,
  call: Waiting,
  { queue, index, signal }: { queue: () => Promise<Job>; index: number; signal: AbortSignal },
): Promise<Job> {
  try {
    const job = await untilEnd(studio, queue, {
      signal,
      onQueued: (queued) => void (call.jobs[index] = queued),
      onProgress(_id, progress) {
        call.running = { job: call.jobs[index]!, progress }
      },
    })
    if (job.state === 'failed') throw failureOf(job)
    return job
  } catch (error) {
    call.stopped.abort()
    throw error
  } finally {
    call.ended++
    if (call.running?.job.id === call.jobs[index]?.id) call.running = null
  }
}

async function pngOf(studio: Studio, preview: string): Promise<string> {
  const picture = Buffer.from(await base64Of(studio, preview), 'base64')
  return (await convertToPng(picture)).toString('base64')
}

/** "20261127140501" */
export const timestamp = (ms: number): string =>
  ms === 0 ? '0' : new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
