import { withinTime } from './models/folders/timeLimit.ts'

/**
 * Takes every step of a closing, whichever of them fail: what is open has to be closed on a full disk too. A step that
 * does not come to its end within `limitMs` (a file on a dead network drive) is left behind. Never throws.
 */
export async function closeAll(steps: readonly (() => unknown)[], limitMs: number): Promise<void> {
  for (const step of steps) {
    // What a step could not write is found, and put right, at the next start.
    const taken = (async () => step())().catch(() => {})
    await withinTime(taken, limitMs, undefined)
  }
}
