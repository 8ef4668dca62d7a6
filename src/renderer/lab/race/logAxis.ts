/** The part of a logarithmic axis that errors lie on. */
interface LogRange {
  from: number
  to: number
}

/** An error below this is drawn at it. */
const least = 1e-6

/** From below the smallest to above the largest, a factor of two at least. */
export function errorRange(errors: readonly number[]): LogRange {
  const seen = errors.filter((error) => Number.isFinite(error)).map((error) => Math.max(error, least))
  if (seen.length === 0) return { from: 0.01, to: 1 }
  const [low, high] = [Math.min(...seen), Math.max(...seen)]
  return { from: low / 1.2, to: Math.max(high * 1.2, low * 2) }
}

/** Powers of ten within; and twice and five times those where there are few of them. */
export function logTicks({ from, to }: LogRange): number[] {
  const powers = (factors: readonly number[]): number[] => {
    const ticks: number[] = []
    for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++)
      for (const factor of factors) ticks.push(Number(`${factor}e${power}`))
    return ticks.filter((tick) => tick >= from && tick <= to)
  }
  const tens = powers([1])
  return tens.length >= 3 ? tens : powers([1, 2, 5])
}
