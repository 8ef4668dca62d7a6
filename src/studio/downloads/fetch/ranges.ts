/** From the first byte to the one behind the last. */
export type Range = readonly [from: number, to: number]

/** Sorted ranges without gaps of none between them, with one more: overlaps count once. */
export function withRange(ranges: readonly Range[], [from, to]: Range): Range[] {
  const before = ranges.filter((range) => range[1] < from)
  const after = ranges.filter((range) => range[0] > to)
  const touching = ranges.filter((range) => range[1] >= from && range[0] <= to)
  const joined: Range = [
    Math.min(from, ...touching.map((range) => range[0])),
    Math.max(to, ...touching.map((range) => range[1])),
  ]
  return [...before, joined, ...after]
}

export const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [from, to]) => sum + to - from, 0)

/** What is not there of `size` bytes, in pieces of at most `largest` bytes. */
export function missingPieces(ranges: readonly Range[], size: number, largest: number): Range[] {
  const edges = [0, ...ranges.flat(), size]
  const pieces: Range[] = []
  for (let gap = 0; gap < edges.length; gap += 2)
    for (let from = edges[gap]; from < edges[gap + 1]; from += largest)
      pieces.push([from, Math.min(from + largest, edges[gap + 1])])
  return pieces
}
