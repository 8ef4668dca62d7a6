import { useEventListener, useMutationObserver } from '@vueuse/core'

const reached = 'a[href], button, input, select, textarea, [tabindex]'

/** Whether the Tab key stops here. */
const isStop = (element: HTMLElement): boolean =>
  element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility()

const stopsOf = (room: Element): HTMLElement[] =>
  [...room.querySelectorAll<HTMLElement>(reached)].filter(isStop)

/** What an element lies in, from near to far. What holds a whole page is no neighbourhood any more. */
function roomsOf(element: Element): Element[] {
  const rooms: Element[] = []
  for (let room = element.parentElement; room && !room.querySelector('main'); room = room.parentElement)
    rooms.push(room)
  return rooms
}

/**
 * Keeps the focus where the hands are: when what has it is removed, moved or disabled, the stop that took its place gets it,
 * in the nearest room that is still there. Else the focus would be on nothing, and the arrows and Delete would do nothing.
 * What gets the focus by keys is in sight, also in a dialog, whose focus goes round without scrolling.
 */
export function useKeptFocus(): void {
  let last: HTMLElement | null = null
  let places: { room: Element; at: number }[] = []
  /** Hands that point need no focus, and on a telephone a field that gets it brings the keyboard up. */
  let byKeys = false
  useEventListener(document, 'keydown', () => (byKeys = true), { capture: true })
  useEventListener(document, 'pointerdown', () => (byKeys = false), { capture: true })

  useEventListener(document, 'focusin', ({ target }) => {
    last = target as HTMLElement
    if (last.matches(':focus-visible')) last.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    const rooms = roomsOf(last)
    const stops = rooms.length > 0 ? stopsOf(rooms.at(-1)!) : []
    places = rooms.map((room) => ({ room, at: stops.filter((stop) => room.contains(stop)).indexOf(last!) }))
  })

  function keep(records: MutationRecord[]): void {
    if (!last || !byKeys) return
    const isMoved = records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(last)))
    if (!isMoved && !last.matches(':disabled')) return
    if (document.activeElement !== document.body && document.activeElement !== last) return
    if (last.isConnected && isStop(last)) return last.focus({ preventScroll: true })
    for (const { room, at } of places) {
      const stops = room.isConnected ? stopsOf(room) : []
      if (stops.length > 0) return stops[Math.min(Math.max(at, 0), stops.length - 1)].focus()
    }
  }
  useMutationObserver(document.body, keep, { childList: true, subtree: true, attributeFilter: ['disabled'] })
}
