interface Size {
  width: number
  height: number
}

/** Room between the card, what it speaks of and the edges of the window. */
const gap = 16

/**
 * Where the card of the tour lies, so that what it speaks of stays in view: beside it where there is room, else above or
 * below it, else in the middle.
 * @param shown what is spoken of, in CSS pixels of the window
 */
export function cardPlace(shown: DOMRect | null, card: Size, window: Size): { left: number; top: number } {
  const within = (value: number, size: number, room: number): number =>
    Math.max(gap, Math.min(value, room - size - gap))
  const middle = { left: (window.width - card.width) / 2, top: (window.height - card.height) / 2 }
  if (!shown) return middle
  const beside = [shown.right + gap, shown.left - gap - card.width].find(
    (left) => left >= gap && left + card.width + gap <= window.width,
  )
  if (beside !== undefined) return { left: beside, top: within(shown.top, card.height, window.height) }
  const left = within(shown.left, card.width, window.width)
  const stacked = [shown.bottom + gap, shown.top - gap - card.height].find(
    (top) => top >= gap && top + card.height + gap <= window.height,
  )
  return { left, top: stacked ?? window.height - card.height - gap }
}
