/** Rows of one height below each other in a box that scrolls, however many; lengths in pixels. */
export interface EqualRows {
  count: number
  height: number
  /** What lies above the first within the box. */
  before: number
}

/** What of its content a box shows, in pixels. */
export interface Sight {
  top: number
  height: number
}

/** The first and the last row of which a part is in sight; the nearest one where there is none. */
export function rowsInSight(
  { count, height, before }: EqualRows,
  sight: Sight,
): [first: number, last: number] {
  const within = (row: number): number => Math.max(0, Math.min(row, count - 1))
  const first = Math.floor((sight.top - before) / height)
  const last = Math.ceil((sight.top + sight.height - before) / height) - 1
  return [within(first), within(last)]
}

/** Where a row is in sight whole with some room above it, as near to where the box stands as that can be. */
export function topThatShows(
  row: number,
  { height, before }: EqualRows,
  sight: Sight,
  above: number,
): number {
  const start = before + row * height
  return Math.min(start - above, Math.max(sight.top, start + height - sight.height))
}
