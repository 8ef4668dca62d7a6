import { shallowRef, type Ref } from 'vue'
import { arrowOf } from '../../keys/arrows.ts'
import { cornerSet, penMoved } from '../../keys/corners.ts'
import { planePlace, reach, type PlanePlace } from './pointPlot.ts'

/** Steps of the pen by keys, in the plane. */
const step = { usual: reach / 20, fine: reach / 200 }
const within = (wanted: number): number => Math.min(reach, Math.max(-reach, wanted))

/** A line in the plane, drawn by a pointer or by keys; `take` gets it whole. */
export function useOutlinePen(canvas: Ref<HTMLCanvasElement | null>, take: (line: PlanePlace[]) => void) {
  const line = shallowRef<PlanePlace[]>([])
  /** Where the keys have the pen; null: no key has moved it. */
  const pen = shallowRef<PlanePlace | null>(null)

  function onDown(event: PointerEvent): void {
    if (event.button !== 0) return
    canvas.value!.setPointerCapture(event.pointerId)
    line.value = [planePlace(canvas.value!, event)]
  }

  function onMove(event: PointerEvent): void {
    pen.value = null
    if (event.buttons === 1) line.value = [...line.value, planePlace(canvas.value!, event)]
  }

  /** A click draws nothing. */
  function onUp(): void {
    if (line.value.length > 2) take(line.value)
    line.value = []
  }

  /** Arrows move the pen, with Shift finely; Enter sets a corner, twice at one place ends the line; Escape takes it back. */
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const arrow = arrowOf(event)
    if (event.key === 'Escape' && line.value.length > 0) line.value = []
    else if (arrow) {
      const { x, y } = pen.value ?? { x: 0, y: 0 }
      const by = event.shiftKey ? step.fine : step.usual
      pen.value = { x: within(x + by * arrow.x), y: within(y - by * arrow.y) }
      line.value = penMoved(line.value, pen.value)
    } else if (event.key === 'Enter') {
      const { line: set, ended } = cornerSet(line.value, (pen.value ??= { x: 0, y: 0 }))
      line.value = ended ? [] : set
      if (ended && set.length > 1) take(set)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  function onBlur(): void {
    if (pen.value) line.value = []
    pen.value = null
  }

  const pointing = { pointerdown: onDown, pointermove: onMove, pointerup: onUp, pointercancel: onUp }
  return { line, pen, hands: { ...pointing, keydown: onKey, blur: onBlur } }
}
