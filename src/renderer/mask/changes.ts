import { copyOf, put, type Mask } from './mask.ts'
import type { Rect } from './rect.ts'

interface Change {
  rect: Rect
  before: Uint8Array
  after: Uint8Array
}

/** Bytes that changes may take together; the oldest are forgotten. */
const mostBytes = 64 * 2 ** 20

/** What was done to a mask, to be undone and done again. Of each change the part that it changed is kept. */
export interface Changes {
  /** Keeps what was changed within a part since the last time. */
  keep(rect: Rect | null): void
  /** Puts back what was changed within a part since the last time. */
  forget(rect: Rect): void
  /** Answers the part that is another one now; null where there was nothing to undo. */
  undo(): Rect | null
  redo(): Rect | null
  canUndo(): boolean
  canRedo(): boolean
}

function areEqual(some: Uint8Array, others: Uint8Array): boolean {
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false
  return true
}

export function changesOf(mask: Mask): Changes {
  const known: Mask = { ...mask, data: mask.data.slice() }
  let done: Change[] = []
  let undone: Change[] = []

  function set({ rect }: Change, levels: Uint8Array): Rect {
    put(mask, rect, levels)
    put(known, rect, levels)
    return rect
  }

  function forgetOldest(): void {
    let bytes = 0
    const kept = done.findLastIndex(({ before }) => (bytes += 2 * before.length) > mostBytes)
    // The newest can always be undone.
    done = done.slice(Math.min(kept + 1, done.length - 1))
  }

  return {
    keep(rect) {
      if (!rect) return
      const [before, after] = [copyOf(known, rect), copyOf(mask, rect)]
      if (areEqual(before, after)) return
      put(known, rect, after)
      done.push({ rect, before, after })
      undone = []
      forgetOldest()
    },
    forget: (rect) => put(mask, rect, copyOf(known, rect)),
    undo() {
      const change = done.pop()
      if (!change) return null
      undone.push(change)
      return set(change, change.before)
    },
    redo() {
      const change = undone.pop()
      if (!change) return null
      done.push(change)
      return set(change, change.after)
    },
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  }
}
