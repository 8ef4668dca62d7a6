/** What is measured of racers. */

/** A whole run: how often it asked the network, and where it ended. */
export interface Point {
  evaluations: number
  /** Distance to the reference. */
  error: number
  /** Distance to the same run with other noise in its steps; null: not run. */
  spread: number | null
}

/**
 * The p of error ∝ evaluations^−p: the slope of the least squares line through the logarithms, with its sign turned
 * (Hairer, Nørsett and Wanner 1993, section II.3: the order of a method). null for less than two numbers of evaluations,
 * or where an error is 0.
 */
export function orderOf(points: readonly Pick<Point, 'evaluations' | 'error'>[]): number | null {
  const [x, y] = [points.map(({ evaluations }) => evaluations), points.map(({ error }) => error)].map(
    (values) => values.map(Math.log),
  )
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  if (points.length < 2 || spread === 0 || !y.every(Number.isFinite)) return null
  return -x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0) / spread
}

/** `converges`: comes nearer with more evaluations; `stays`: does not; `wanders`: other noise leads elsewhere. */
type Verdict = 'converges' | 'stays' | 'wanders' | 'open'

/** An error that falls by less than the square root of the evaluations is not taken for convergence. */
const leastOrder = 0.5
/** Of latents, whose deviation is about one: what rounding on another device may differ by. */
const rounding = 1e-3

/** What the points of a racer say of it; `open` before there are two of them. */
export function verdictOf(points: readonly Point[]): Verdict {
  if (points.some(({ spread }) => spread !== null && spread > rounding)) return 'wanders'
  const order = orderOf(points)
  if (order === null) return 'open'
  return order >= leastOrder ? 'converges' : 'stays'
}
