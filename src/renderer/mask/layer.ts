import { ref, shallowRef } from 'vue'
import { changesOf, type Changes } from './changes.ts'
import { all, type Mask } from './mask.ts'
import type { Rect } from './rect.ts'

/** A mask that is drawn on, for whoever shows it; `onDone` hears of everything that was done and undone. */
export function maskLayer(onDone: () => void) {
  const mask = shallowRef<Mask | null>(null)
  const canUndo = ref(false)
  const canRedo = ref(false)
  /** What is to be shown anew. */
  const changed = shallowRef<{ rect: Rect } | null>(null)
  let changes: Changes | null = null

  function tell(rect: Rect): void {
    changed.value = { rect }
    tellSteps()
  }

  function tellSteps(): void {
    canUndo.value = changes?.canUndo() ?? false
    canRedo.value = changes?.canRedo() ?? false
  }

  function take(taken: Mask | null): void {
    mask.value = taken
    changes = taken && changesOf(taken)
    if (taken) tell(all(taken))
  }

  /** Something was done to a part of the mask, which shows it already. */
  function done(rect: Rect | null): void {
    if (!rect) return
    changes?.keep(rect)
    tellSteps()
    onDone()
  }

  function change(how: (mask: Mask) => Rect | null): void {
    const rect = mask.value && how(mask.value)
    if (rect) changed.value = { rect }
    done(rect)
  }

  /** What was drawn within a part and not done yet is as it was. */
  function takeBack(rect: Rect | null): void {
    if (!rect) return
    changes?.forget(rect)
    tell(rect)
  }

  function goTo(step: 'undo' | 'redo'): void {
    const rect = changes?.[step]()
    if (!rect) return
    tell(rect)
    onDone()
  }

  return {
    ...{ mask, canUndo, canRedo, changed, take, done, change, takeBack },
    /** Shows a part that is still being drawn. */
    show: (rect: Rect | null): void => void (rect && tell(rect)),
    undo: () => goTo('undo'),
    redo: () => goTo('redo'),
  }
}
