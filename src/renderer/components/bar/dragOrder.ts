import { shallowRef } from 'vue'

/** Pixels from the edge of the list within which it scrolls while something is dragged there, and how far at a time. */
const edge = 32
const scrolled = 12

/**
 * Rows that are dragged to another place by their grip. Each is an element with `data-row`, its id, inside an element with
 * `data-rows`, the one that scrolls.
 * @param drop puts the row before another one, or behind the last that shows (null)
 */
export function useDragOrder(drop: (id: string, before: string | null) => void) {
  const dragged = shallowRef<{ id: string; before: string | null } | null>(null)

  function begin(event: PointerEvent, id: string): void {
    if (event.button !== 0) return
    const grip = event.currentTarget as HTMLElement
    const rows = grip.closest<HTMLElement>('[data-rows]')
    if (!rows) return
    grip.setPointerCapture(event.pointerId)
    dragged.value = { id, before: id }
    const follow = ({ clientY }: PointerEvent): void => {
      scrollAt(rows, clientY)
      dragged.value = { id, before: rowBelow(rows, clientY) }
    }
    const listening = new AbortController()
    const { signal } = listening
    const end = (isDropped: boolean): void => {
      listening.abort()
      const { before } = dragged.value ?? { before: id }
      dragged.value = null
      if (isDropped && before !== id) drop(id, before)
    }
    grip.addEventListener('pointermove', follow, { signal })
    grip.addEventListener('pointerup', () => end(true), { signal })
    grip.addEventListener('pointercancel', () => end(false), { signal })
    const giveUp = (pressed: KeyboardEvent): void => {
      if (pressed.key !== 'Escape') return
      pressed.preventDefault()
      pressed.stopPropagation()
      end(false)
    }
    addEventListener('keydown', giveUp, { signal, capture: true })
  }

  return { dragged, begin }
}

/** The first row whose middle is below a height of the window; null: none is. */
function rowBelow(rows: HTMLElement, y: number): string | null {
  for (const row of rows.querySelectorAll<HTMLElement>('[data-row]')) {
    const { top, height } = row.getBoundingClientRect()
    if (y < top + height / 2) return row.dataset['row'] ?? null
  }
  return null
}

function scrollAt(rows: HTMLElement, y: number): void {
  const { top, bottom } = rows.getBoundingClientRect()
  if (y < top + edge) rows.scrollBy(0, -scrolled)
  if (y > bottom - edge) rows.scrollBy(0, scrolled)
}
