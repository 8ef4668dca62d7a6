/** The selection with one id more or less. */
export function toggled(selected: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(selected)
  if (!next.delete(id)) next.add(id)
  return next
}

/** Where a key leads from a place in a grid of so many columns; null when it is no moving key. A page ends in the same column. */
export function gridMove(
  key: string,
  from: number,
  columns: number,
  count: number,
  rowsInSight: number,
): number | null {
  const pageUp = Math.min(rowsInSight, Math.floor(from / columns))
  const pageDown = Math.min(rowsInSight, Math.floor((count - 1 - from) / columns))
  const moves: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - columns,
    ArrowDown: from + columns,
    PageUp: from - columns * pageUp,
    PageDown: from + columns * pageDown,
    Home: 0,
    End: count - 1,
  }
  const to = moves[key]
  if (to === undefined) return null
  return to >= 0 && to < count ? to : from
}
