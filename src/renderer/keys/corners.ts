interface Place {
  x: number
  y: number
}

/** A line that is drawn by keys: its corners, and behind them the place where the pen is. */
export type PenLine = readonly Place[]

/** The line when the pen has moved; a line that was not begun stays so. */
export const penMoved = (line: PenLine, to: Place): Place[] => (line.length > 0 ? line.with(-1, to) : [])

/** The line when Enter has set a corner where the pen is. The same corner twice ends it: then it is its corners alone. */
export function cornerSet(line: PenLine, at: Place): { line: Place[]; ended: boolean } {
  const last = line.at(-2)
  const ended = last !== undefined && last.x === at.x && last.y === at.y
  return { line: ended ? line.slice(0, -1) : [...line.slice(0, -1), at, at], ended }
}
