import { setTimeout as wait } from 'node:timers/promises'

/** How long a write waits for other programs to let go of the database, in ms. */
const patience = 10_000
const firstPause = 20
const longestPause = 250

/**
 * Does what reads or writes the database; while another program keeps it locked, again and again without holding up
 * anything else. `work` must be one commit: all of it is done again. Throws SQLite's own error when the lock lasts.
 */
export async function whenUnlocked<Result>(work: () => Result): Promise<Result> {
  const end = performance.now() + patience
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return work()
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error
    }
    await wait(pause)
  }
}

/** Whether another program's lock is what was thrown. */
export const isLocked = (error: unknown): boolean =>
  /^(SQLITE_(BUSY|LOCKED)|database-locked)/.test(String((error as { code?: unknown } | null)?.code))
