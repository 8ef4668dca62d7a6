import { DelayedError, UnrecoverableError, type Job, type Worker } from 'bullmq'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Entry } from '../farmQueue.ts'

/** Draws the image of an entry, and says when the engine is done with it. What it throws tells what becomes of the entry. */
export type Draw = (job: Job<Entry>, token: string, drawn: () => void) => Promise<void>

/** Pictures that may be on their way back while the next image is drawn. */
const mostOnTheWay = 2
/** The pause after Redis gave no answer, in ms. */
const pauseMs = 1000

export interface EntryTaker {
  /** Takes no further entry while it is paused. */
  pause(isPaused: boolean): void
  /** Settles once what was taken is settled, and takes nothing more. */
  close(): Promise<void>
}

/**
 * Takes entries one after the other: the next one as soon as the engine is free, while the picture of the one before goes
 * back. BullMQ's own loop would take it earlier, from under the hands of a worker that has nothing to do.
 */
export function takeEntries(worker: Worker<Entry>, leaseMs: number, draw: Draw): EntryTaker {
  const onTheWay = new Set<Promise<void>>()
  let isClosing = false
  let goOn = Promise.withResolvers<void>()
  goOn.resolve()

  async function settle(job: Job<Entry>, token: string, drawn: () => void): Promise<void> {
    // A lease that cannot be renewed ends, and the image goes to another worker.
    const renewing = setInterval(() => void job.extendLock(token, leaseMs).catch(() => {}), leaseMs / 3)
    try {
      // Of an entry whose workers vanished too often BullMQ says so to the next one, which is to fail it.
      if (job.deferredFailure) throw new UnrecoverableError(job.deferredFailure)
      await draw(job, token, drawn)
      await job.moveToCompleted(undefined, token, false)
    } catch (error) {
      if (!(error instanceof DelayedError)) await job.moveToFailed(error as Error, token, false)
    } finally {
      clearInterval(renewing)
    }
  }

  async function takeOne(): Promise<void> {
    const token = randomUUID()
    const job = await worker.getNextJob(token)
    if (!job) return
    const { promise: isFree, resolve: drawn } = Promise.withResolvers<void>()
    // An entry that Redis has lost meanwhile cannot be settled, and need not.
    const settled = settle(job, token, drawn)
      .catch(() => {})
      .finally(() => {
        onTheWay.delete(settled)
        drawn()
      })
    onTheWay.add(settled)
    await isFree
    if (onTheWay.size >= mostOnTheWay) await Promise.race(onTheWay)
  }

  async function takeAll(): Promise<void> {
    while (!isClosing) {
      await goOn.promise
      if (!isClosing) await takeOne().catch(() => wait(pauseMs))
    }
    await Promise.all(onTheWay)
  }

  const ended = takeAll()
  return {
    pause(isPaused) {
      goOn.resolve()
      if (isPaused) goOn = Promise.withResolvers()
    },
    async close() {
      isClosing = true
      goOn.resolve()
      await worker.close()
      await ended
    },
  }
}
