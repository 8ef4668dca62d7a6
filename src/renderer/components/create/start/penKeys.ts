import { ref, watch, type Ref } from 'vue'
import { arrowOf } from '../../../keys/arrows.ts'
import { cornerSet, penMoved } from '../../../keys/corners.ts'
import { drawStroke, type Point } from '../../../mask/drawing.ts'
import { encloses, useMask } from '../../../stores/mask.ts'
import type { EditorView } from './editorView.ts'
import type { Gestures } from './gestures.ts'

/**
 * The mask's tools by keys: the arrows move the pen over the room, with Shift finely. Enter sets the brush down, or a corner
 * of what is drawn round; with Alt it erases.
 */
export function usePenKeys(room: Ref<HTMLElement | null>, { view }: EditorView, gestures: Gestures) {
  const mask = useMask()
  const { outline, pointer, enclose } = gestures
  /** Where it is in the room; null: no key has moved it. */
  const pen = ref<Point | null>(null)
  watch(pointer, (there) => there && (pen.value = null))

  /** A place of the room in the picture. */
  function inPicture({ x, y }: Point): Point {
    const { x: left, y: top, scale } = view.value
    return { x: (x - left) / scale, y: (y - top) / scale }
  }

  function setDown(at: Point, erases: boolean): void {
    if (!encloses(mask.tool)) {
      const dab = { ...at, radius: mask.brushSize / 2 }
      return mask.change((on) => drawStroke(on, dab, dab, erases))
    }
    const { line, ended } = cornerSet(outline.value, at)
    const isSecondCorner = mask.tool === 'rectangle' && outline.value.length > 0
    outline.value = line
    if (ended || isSecondCorner) enclose(erases)
  }

  function onKey(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || !room.value || event.ctrlKey || event.metaKey) return
    const arrow = arrowOf(event)
    if (!arrow && event.key !== 'Enter') return
    event.preventDefault()
    const { clientWidth, clientHeight } = room.value
    const from = pen.value ?? pointer.value ?? { x: clientWidth / 2, y: clientHeight / 2 }
    const step = event.shiftKey ? 1 : Math.max(1, (mask.brushSize * view.value.scale) / 4)
    const { x, y } = arrow ?? { x: 0, y: 0 }
    const within = (wanted: number, most: number): number => Math.min(most, Math.max(0, wanted))
    pen.value = { x: within(from.x + step * x, clientWidth), y: within(from.y + step * y, clientHeight) }
    if (arrow) outline.value = penMoved(outline.value, inPicture(pen.value))
    else setDown(inPicture(pen.value), event.altKey || mask.tool === 'eraser')
  }

  function leave(): void {
    if (pen.value) gestures.abandon()
    pen.value = null
  }

  return { pen, onKey, leave }
}
