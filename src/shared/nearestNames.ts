/** The names most like what was written, the likest first: fewest letters added, left out, changed or swapped. */
export function nearestNames(written: string, names: readonly string[], count: number): string[] {
  const distance = new Map(
    names.map((name) => [name, editDistance(written.toLowerCase(), name.toLowerCase())]),
  )
  return names.toSorted((one, other) => distance.get(one)! - distance.get(other)!).slice(0, count)
}

/** Optimal string alignment distance: Damerau 1964, with each pair of letters swapped at most once. */
export function editDistance(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const changed = Number(one[row - 1] !== other[column - 1])
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      current[column] = Math.min(
        last[column] + 1,
        current[column - 1] + 1,
        last[column - 1] + changed,
        swapped ? beforeLast[column - 2] + 1 : Infinity,
      )
    }
    ;[beforeLast, last] = [last, current]
  }
  return last[other.length]
}
