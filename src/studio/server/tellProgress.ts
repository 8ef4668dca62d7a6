import { setTimeout as wait } from 'node:timers/promises'
import type { StudioEvents } from '../../shared/calls/contract.ts'
import type { Remote } from '../../shared/calls/rpc.ts'
import type { Progress } from '../../shared/queue/jobs.ts'

/** Ms between two times that a window hears of progress: it draws on the cores that draw the picture. */
const pauseMs = 200

/**
 * Tells a window how far jobs are, previews included: a few times a second, and not before it has taken what it was told
 * last. Of what comes meanwhile only the newest is told, so nothing piles up before a window that is slow.
 */
export function tellProgress(
  tell: Remote<StudioEvents>['progress'],
): Pick<StudioEvents, 'progress' | 'jobChanged'> {
  const untold = new Map<string, Progress>()
  let isTelling = false

  async function tellAll(): Promise<void> {
    isTelling = true
    while (untold.size > 0) {
      const newest = [...untold]
      untold.clear()
      // A window that knows of no progress, or is gone, is told of all else.
      const taken = newest.map((told) => tell(...told).catch(() => {}))
      await Promise.all([...taken, wait(pauseMs, undefined, { ref: false })])
    }
    isTelling = false
  }

  return {
    progress(jobId, progress) {
      untold.set(jobId, progress)
      if (!isTelling) void tellAll()
    },
    // A job brings its newest progress with it.
    jobChanged: ({ id }) => void untold.delete(id),
  }
}
