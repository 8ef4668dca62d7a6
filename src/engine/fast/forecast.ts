import type { Denoise, Denoised } from '../denoiser.ts'

export interface ForecastSettings {
  /** How far forecasts in a row may be off together, as `expectedError` counts. */
  tolerance: number
  /** What a prediction depends on besides x and sigma. What was known of another question is forgotten. */
  question: (sigma: number) => readonly unknown[]
  /** The sigma of the last evaluation, which is always computed: what it predicts is the picture. */
  lastSigma: number
}

/**
 * Computes only some predictions and forecasts the others from those before. The predicted clean latents of a run lie on a
 * smooth curve over u = log sigma, which is continued from the last two by half of their slope: of a line and a constant,
 * which miss to opposite sides, the mean (Han et al. 2026, Spectrum, arXiv 2603.01623, mixes a polynomial with a local
 * forecast likewise). Which are computed follows from the run (as in EasyCache, Zhou et al. 2025, arXiv 2507.02860): each
 * one shows how far its forecast would have been off, and so how far the next may be. Clean latents and not the noise are
 * continued, since samplers that draw fresh noise change the noise in x and hardly the picture.
 */
export function forecasting(denoise: Denoise, { tolerance, question, lastSigma }: ForecastSettings): Denoise {
  let known: Known[] = []
  let asked: readonly unknown[] = []
  let bend: number | null = null
  let [inARow, error] = [0, 0]

  return async (x, sigma) => {
    const now = question(sigma)
    const u = Math.log(sigma)
    if (now.some((part, i) => part !== asked[i]) || rises(known, u)) [known, bend] = [[], null]
    asked = now
    if (known.length === 2 && sigma > lastSigma * (1 + rounding) && inARow < mostInARow) {
      const expected = expectedError(bend, known, sigma)
      if (error + expected <= tolerance) {
        inARow++
        error += expected
        return continued(known, u)
      }
    }
    const found = await denoise(x, sigma)
    bend = bendAt(known, u, found) ?? bend
    // A second prediction at the same sigma, a corrector's, takes the place of the first.
    known = [...known.filter((one) => one.u !== u), { u, ...found }].slice(-2)
    ;[inARow, error] = [0, 0]
    return found
  }
}

/** Beyond this many forecasts in a row nothing is known of the curve. */
const mostInARow = 2

/** Sigmas may be told rounded to float32. */
const rounding = 1e-6

/** A computed prediction at u = log sigma. */
interface Known extends Denoised {
  u: number
}

/** Some samplers go back up, to predict another picture. */
const rises = (known: readonly Known[], u: number): boolean => known.length > 0 && u > known.at(-1)!.u

/**
 * The root mean square by which a forecast is expected to be off: the bend times the remainder of linear interpolation, or
 * while no bend was seen the whole slope; over the cube root of the spread of x. Where there is much noise, errors are
 * small beside it and later predictions mend them; the power was found by `npm run bench -- fast`.
 */
function expectedError(bend: number | null, known: readonly Known[], sigma: number): number {
  const u = Math.log(sigma)
  const [first, second] = known
  const slope = (): number => distance(first.denoised, second.denoised) / Math.abs(second.u - first.u)
  const off = bend === null ? slope() * Math.abs(u - second.u) : bend * remainder(known, u)
  return off / Math.cbrt(Math.hypot(1, sigma))
}

const remainder = ([first, second]: readonly Known[], u: number): number =>
  Math.abs((u - first.u) * (u - second.u))

/** How the curve bends, by how far the forecast of a prediction is off; null where that is not known. */
function bendAt(known: readonly Known[], u: number, { denoised }: Denoised): number | null {
  if (known.length === 2 && remainder(known, u) > 0)
    return distance(continued(known, u).denoised, denoised) / remainder(known, u)
  return null
}

/** What follows two predictions. */
function continued([first, second]: readonly Known[], u: number): Denoised {
  const share = (0.5 * (u - second.u)) / (second.u - first.u)
  const follow = (from: Float32Array, to: Float32Array): Float32Array =>
    to.map((value, i) => value + share * (value - from[i]))
  const denoised = follow(first.denoised, second.denoised)
  const isOne = second.anchor === second.denoised
  return { denoised, anchor: isOne ? denoised : follow(first.anchor, second.anchor) }
}

/** Root mean square of the difference. */
function distance(one: Float32Array, other: Float32Array): number {
  let squares = 0
  for (let i = 0; i < one.length; i++) squares += (one[i] - other[i]) ** 2
  return Math.sqrt(squares / one.length)
}
