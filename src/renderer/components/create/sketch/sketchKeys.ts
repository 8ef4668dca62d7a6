import { computed, ref, type Ref } from 'vue'
import { arrowOf } from '../../../keys/arrows.ts'

interface Point {
  x: number
  y: number
}

/** The brush by keys: the arrows move it over the paper, with Shift finely, and Enter sets it down, or with Alt takes the colour there. */
export function useSketchKeys(
  canvas: Ref<HTMLCanvasElement | null>,
  /** Its width in pixels of the window. */
  brushWidth: () => number,
  setDown: (at: Point, picks: boolean) => void,
) {
  /** Where it is, in pixels of the window from the paper's corner; null: no key has moved it yet. */
  const at = ref<Point | null>(null)

  const ring = computed(() => {
    if (!at.value || !canvas.value) return null
    const { offsetLeft, offsetTop } = canvas.value
    const width = `${Math.max(4, brushWidth())}px`
    return { width, left: `${offsetLeft + at.value.x}px`, top: `${offsetTop + at.value.y}px` }
  })

  function onKey(event: KeyboardEvent): void {
    if (!canvas.value || event.ctrlKey || event.metaKey) return
    if (event.altKey && event.key !== 'Enter') return
    const { clientWidth, clientHeight } = canvas.value
    const from = at.value ?? { x: clientWidth / 2, y: clientHeight / 2 }
    const step = event.shiftKey ? 1 : Math.max(2, brushWidth() / 3)
    const arrow = arrowOf(event)
    if (!arrow && event.key !== 'Enter') return
    event.preventDefault()
    const within = (wanted: number, most: number): number => Math.min(most, Math.max(0, wanted))
    const { x, y } = arrow ?? { x: 0, y: 0 }
    at.value = { x: within(from.x + step * x, clientWidth), y: within(from.y + step * y, clientHeight) }
    if (event.key === 'Enter') setDown(at.value, event.altKey)
  }

  return { ring, onKey, hide: () => (at.value = null) }
}
