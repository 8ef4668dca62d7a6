/** Root of the mean square of the difference. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let squares = 0
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2
  return Math.sqrt(squares / a.length)
}
