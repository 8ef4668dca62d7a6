import { ref, shallowRef, watch } from 'vue'
import { drawLasso, drawRectangle, drawStroke, type Dab, type Point } from '../../../mask/drawing.ts'
import { union, type Rect } from '../../../mask/rect.ts'
import { encloses, useMask } from '../../../stores/mask.ts'
import type { EditorView } from './editorView.ts'

/** What one pointer draws between down and up. */
interface Drawing {
  move(event: PointerEvent): void
  end(event: PointerEvent): void
  abandon?(): void
}

/** Of the eraser at a pen's other end. */
const eraserButton = 5
/** A brush moves by this share of its radius before it draws on. */
const least = 0.15

/** Pointers on the mask: one draws, the middle button or the space bar moves the picture, two fingers move and zoom it. */
export function useGestures(view: EditorView) {
  const { zoom, pan, inRoom } = view
  const mask = useMask()
  const { outline, begin, enclose } = useDrawing(view)
  const pointer = shallowRef<Point | null>(null)
  const spaceHeld = ref(false)
  const touches = new Map<number, Point>()
  let drawing: Drawing | null = null
  let grabbed: Point | null = null

  /** Takes back what was begun; false where nothing was. */
  function abandon(): boolean {
    const wasBegun = drawing !== null || outline.value.length > 0
    drawing?.abandon?.()
    drawing = grabbed = null
    outline.value = []
    return wasBegun
  }
  watch(
    () => mask.tool,
    () => outline.value.length > 0 && abandon(),
  )

  function onDown(event: PointerEvent): void {
    const room = event.currentTarget as HTMLElement
    room.setPointerCapture(event.pointerId)
    if (event.pointerType === 'touch') touches.set(event.pointerId, inRoom(event))
    if (touches.size > 1) abandon()
    else if (event.button === 1 || spaceHeld.value) grabbed = inRoom(event)
    else drawing ??= begin(event)
  }

  function onMove(event: PointerEvent): void {
    const at = inRoom(event)
    pointer.value = at
    if (touches.size === 2 && touches.has(event.pointerId)) pinch(event.pointerId, at)
    else if (grabbed) {
      pan(at.x - grabbed.x, at.y - grabbed.y)
      grabbed = at
    } else drawing?.move(event)
  }

  function pinch(pointerId: number, at: Point): void {
    const before = pair([...touches.values()])
    touches.set(pointerId, at)
    const after = pair([...touches.values()])
    pan(after.middle.x - before.middle.x, after.middle.y - before.middle.y)
    zoom(after.apart / before.apart, after.middle)
  }

  function onUp(event: PointerEvent): void {
    touches.delete(event.pointerId)
    drawing?.end(event)
    drawing = grabbed = null
  }

  function onCancel(event: PointerEvent): void {
    touches.delete(event.pointerId)
    abandon()
  }

  function onWheel(event: WheelEvent): void {
    zoom(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.0015 : 0.05)), inRoom(event))
  }

  return { outline, enclose, pointer, spaceHeld, abandon, onDown, onMove, onUp, onCancel, onWheel }
}

export type Gestures = ReturnType<typeof useGestures>

/** Two fingers: their middle and how far they are apart. */
const pair = ([a, b]: readonly Point[]) => ({
  middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
  apart: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
})

/** Drawing with the tool that is chosen. */
function useDrawing({ inPicture }: EditorView) {
  const mask = useMask()
  /** A lasso or two corners of a rectangle, while they are drawn. */
  const outline = shallowRef<Point[]>([])

  /** Pens tell how hard they are pressed; a mouse presses fully. */
  function dab(event: PointerEvent): Dab {
    const press = event.pointerType === 'pen' ? 0.2 + 0.8 * event.pressure : 1
    return { ...inPicture(event), radius: Math.max(0.5, (mask.brushSize / 2) * press) }
  }

  function stroke(event: PointerEvent, erases: boolean): Drawing {
    let last = dab(event)
    let rect: Rect | null = null
    function draw(to: Dab): void {
      const drawn = mask.mask && drawStroke(mask.mask, last, to, erases)
      last = to
      rect = union(rect, drawn)
      mask.show(drawn)
    }
    draw(last)
    return {
      move(event) {
        for (const moved of event.getCoalescedEvents?.() ?? [event]) {
          const to = dab(moved)
          if (Math.hypot(to.x - last.x, to.y - last.y) >= least * to.radius) draw(to)
        }
      },
      end(event) {
        // A pen that is lifted presses no more: the last stretch is as thick as before it.
        draw({ ...inPicture(event), radius: last.radius })
        mask.done(rect)
      },
      abandon: () => mask.takeBack(rect),
    }
  }

  /** Paints or erases what the outline encloses, which ends it. */
  function enclose(erases: boolean): void {
    const points = outline.value
    outline.value = []
    mask.change((on) =>
      mask.tool === 'lasso'
        ? drawLasso(on, points, erases)
        : drawRectangle(on, points[0], points.at(-1)!, erases),
    )
  }

  function enclosing(event: PointerEvent, erases: boolean): Drawing {
    outline.value = [inPicture(event)]
    return {
      move(event) {
        const kept = mask.tool === 'lasso' ? outline.value : outline.value.slice(0, 1)
        outline.value = [...kept, inPicture(event)]
      },
      end: () => enclose(erases),
    }
  }

  function begin(event: PointerEvent): Drawing {
    const { button, altKey } = event
    const erases = mask.tool === 'eraser' || button === 2 || button === eraserButton || altKey
    return encloses(mask.tool) ? enclosing(event, erases) : stroke(event, erases)
  }

  return { outline, begin, enclose }
}
