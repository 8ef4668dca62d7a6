/** The selection with one id more or less. */
export function toggled(selected: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(selected)
  if (!next.delete(id)) next.add(id)
  return next
}

/** The selection with everything between two places of the list, both included. */
export const upTo = (
  selected: ReadonlySet<string>,
  ids: readonly string[],
  from: number,
  to: number,
): Set<string> => new Set([...selected, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)])

/** Where a key leads from a place in a grid of so many columns; null when it is no moving key. */
export function gridMove(key: string, from: number, columns: number, count: number): number | null {
  const moves: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - columns,
    ArrowDown: from + columns,
    Home: 0,
    End: count - 1,
  }
  const to = moves[key]
  if (to === undefined) return null
  return to >= 0 && to < count ? to : from
}
