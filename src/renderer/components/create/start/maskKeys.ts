import { useEventListener } from '@vueuse/core'
import { clear, grow, invert } from '../../../mask/reshaping.ts'
import { keyHandler } from '../../../keys/bind.ts'
import { useMask } from '../../../stores/mask.ts'
import { brushRange } from '../../../mask/brush.ts'
import type { EditorView } from './editorView.ts'

interface Hands {
  /** Takes back what a pointer has begun; false where it had not. */
  abandon(): boolean
  hold(space: boolean): void
}

/** Keys of the mask while it is open, wherever nothing is being typed. */
export function useMaskKeys({ zoom, fit }: EditorView, { abandon, hold }: Hands): void {
  const mask = useMask()

  const resize = (factor: number): void => {
    const size = Math.round(mask.brushSize * factor)
    mask.brushSize = Math.min(brushRange.max, Math.max(brushRange.min, size + Math.sign(factor - 1)))
  }

  const onShortcut = keyHandler({
    maskBrush: () => (mask.tool = 'brush'),
    maskEraser: () => (mask.tool = 'eraser'),
    maskLasso: () => (mask.tool = 'lasso'),
    maskRectangle: () => (mask.tool = 'rectangle'),
    maskSwap: () => (mask.tool = mask.tool === 'eraser' ? 'brush' : 'eraser'),
    maskSmaller: () => resize(1 / 1.2),
    maskLarger: () => resize(1.2),
    maskInvert: () => void mask.change(invert),
    maskGrow: () => void mask.change((on) => grow(on, brushRange.step)),
    maskShrink: () => void mask.change((on) => grow(on, -brushRange.step)),
    maskClear: () => void mask.change(clear),
    maskUndo: () => void mask.undo(),
    maskRedo: () => void mask.redo(),
    maskCloser: () => zoom(1.25),
    maskFarther: () => zoom(0.8),
    maskWhole: () => fit(),
    maskHide: () => (mask.isSeen = !mask.isSeen),
  })

  /** Whether a key did something. */
  function press(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') return abandon()
    if (event.key === ' ') {
      if (isControl(event.target)) return false
      hold(true)
      return true
    }
    return onShortcut(event)
  }

  // Before others hear of the key: Esc would end the job, and undo is the mask's while it is painted.
  const onKey = (event: KeyboardEvent): void => {
    if (isElsewhere(event.target) || !press(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  useEventListener(window, 'keydown', onKey, { capture: true })
  useEventListener(window, 'keyup', ({ key }: KeyboardEvent) => key === ' ' && hold(false))
  useEventListener(window, 'blur', () => hold(false))
}

/** Where keys write, or choose from a list. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="listbox"], [role="menu"], [role="dialog"]') !== null)

const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, [role="slider"], [role="radio"]') !== null
