import type { Denoise } from '../denoiser.ts'
import type { Ancestral } from './eulerAncestral.ts'
import { ancestralStep, combine, noiseIn, type Noise, type Sampler, type Step } from './step.ts'

/** Noise prediction at points of one step, and the step's solutions from them. */
interface DpmStep {
  first(): Promise<{ eps: Float32Array; denoised: Float32Array }>
  /** The solution of order 1, 2 or 3; orders of one step share their evaluations. */
  solve(order: number, r1?: number): Promise<Float32Array>
}

/** Singlestep DPM-Solver from sigma to `down`: Lu et al. 2022 (DPM-Solver), Algorithms 1, 4 and 5, in t = -log sigma. */
function dpmStep(denoise: Denoise, x: Float32Array, sigma: number, down: number): DpmStep {
  const h = Math.log(sigma / down)
  let start: Promise<{ eps: Float32Array; denoised: Float32Array }> | undefined
  let middle: Promise<Float32Array> | undefined
  const at = (r: number): number => sigma * Math.exp(-r * h)
  const first = (): NonNullable<typeof start> =>
    (start ??= denoise(x, sigma).then(({ denoised }) => ({ eps: noiseIn(x, denoised, sigma), denoised })))
  const predict = async (u: Float32Array, s: number): Promise<Float32Array> =>
    noiseIn(u, (await denoise(u, s)).denoised, s)
  /** Evaluated once a step, whichever order asks first. */
  const second = async (r1: number): Promise<Float32Array> => {
    const { eps } = await first()
    return (middle ??= predict(combine([1, x], [-at(r1) * Math.expm1(r1 * h), eps]), at(r1)))
  }

  async function solve(order: number, r1 = order === 2 ? 1 / 2 : 1 / 3): Promise<Float32Array> {
    const { eps } = await first()
    const euler = -down * Math.expm1(h)
    if (order === 1) return combine([1, x], [euler, eps])
    const epsR1 = await second(r1)
    if (order === 2) return combine([1, x], [euler * (1 - 1 / (2 * r1)), eps], [euler / (2 * r1), epsR1])
    const r2 = 2 / 3
    const s2 = at(r2)
    const toR1 = -s2 * (r2 / r1) * (Math.expm1(r2 * h) / (r2 * h) - 1)
    const u2 = combine([1, x], [-s2 * Math.expm1(r2 * h) - toR1, eps], [toR1, epsR1])
    const epsR2 = await predict(u2, s2)
    const toR2 = (-down / r2) * (Math.expm1(h) / h - 1)
    return combine([1, x], [euler - toR2, eps], [toR2, epsR2])
  }
  return { first, solve }
}

/** Where a step of noise `eta` goes before its fresh noise, never below the last sigma, and how much noise that is. */
function goal(sigma: number, next: number, last: number, eta: number): { down: number; up: number } {
  if (eta === 0) return { down: next, up: 0 }
  const down = Math.max(last, ancestralStep(sigma, next, eta).down)
  return { down, up: Math.sqrt(next * next - down * down) }
}

/** The ends of the way: the first sigma and the last that is not 0. */
const ends = (sigmas: Float64Array): [number, number] => [
  sigmas[0],
  Math.min(...sigmas.filter((sigma) => sigma > 0)),
]

/** With a single sigma there is no way to go, and the prediction is the result; the references hand back noise. */
async function* onlyStep(
  denoise: Denoise,
  x: Float32Array,
  sigma: number,
): AsyncGenerator<Step, void, undefined> {
  const { denoised } = await denoise(x, sigma)
  yield { x: denoised, denoised }
}

/** How many steps DPM fast makes of `evaluations`. */
export const dpmFastOrders = (evaluations: number): number[] => {
  const steps = Math.floor(evaluations / 3) + 1
  return evaluations % 3 === 0
    ? [...new Array<number>(Math.max(steps - 2, 0)).fill(3), 2, 1]
    : [...new Array<number>(steps - 1).fill(3), evaluations % 3]
}

/**
 * DPM-Solver-fast: Lu et al. 2022 (DPM-Solver), Appendix D.3. The number of sigmas says how many evaluations; the
 * steps are evenly spaced in log sigma between the first and the last positive one.
 */
export const dpmFast: Sampler<Ancestral> = async function* (denoise, x, sigmas, noise, { eta, sNoise }) {
  const [sigmaMax, sigmaMin] = ends(sigmas)
  if (sigmaMin === sigmaMax) return yield* onlyStep(denoise, x, sigmaMax)
  const orders = dpmFastOrders(sigmas.length - 1)
  const at = (i: number): number => sigmaMax * (sigmaMin / sigmaMax) ** (i / orders.length)
  for (const [i, order] of orders.entries()) {
    const { down, up } = goal(at(i), at(i + 1), sigmaMin, eta)
    const step = dpmStep(denoise, x, at(i), down)
    const { denoised } = await step.first()
    x = await step.solve(order)
    if (eta > 0) x = combine([1, x], [up * sNoise, noise(at(i), at(i + 1))])
    yield { x, denoised }
  }
}

/** Tolerances and gains of the step size controller, k-diffusion's defaults. */
const control = { rtol: 0.05, atol: 0.0078, hInit: 0.05, acceptSafety: 0.81 }

/**
 * DPM-Solver-12 and -23 with adaptive step size: Lu et al. 2022 (DPM-Solver), Appendix C, with k-diffusion's
 * integral step size controller. Yields after every try, accepted or not.
 */
export const dpmAdaptive: Sampler<Ancestral & { order?: 2 | 3 }> = async function* (
  denoise,
  x,
  sigmas,
  noise,
  { eta, sNoise, order = 3 },
) {
  const [sigmaMax, sigmaMin] = ends(sigmas)
  if (sigmaMin === sigmaMax) return yield* onlyStep(denoise, x, sigmaMax)
  const end = -Math.log(sigmaMin)
  let t = -Math.log(sigmaMax)
  let h = control.hInit
  let previous = x
  while (t < end - 1e-5) {
    const next = Math.min(end, t + h)
    const { down, up } = goal(Math.exp(-t), Math.exp(-next), sigmaMin, eta)
    const step = dpmStep(denoise, x, Math.exp(-t), down)
    const { denoised } = await step.first()
    const low = order === 2 ? await step.solve(1) : await step.solve(2, 1 / 3)
    const high = await step.solve(order)
    const exponent = 1 / (eta > 0 ? 1.5 : order)
    const factor = 1 + Math.atan((1 / (stepError(low, high, previous) + 1e-8)) ** exponent - 1)
    h *= factor
    if (factor >= control.acceptSafety) {
      previous = low
      x = eta > 0 ? withNoise(high, up * sNoise, noise, Math.exp(-t), Math.exp(-next)) : high
      t = next
    }
    yield { x, denoised } satisfies Step
  }
}

const withNoise = (x: Float32Array, scale: number, noise: Noise, sigma: number, next: number): Float32Array =>
  combine([1, x], [scale, noise(sigma, next)])

/** Root mean square of the two orders' difference over the tolerance. */
function stepError(low: Float32Array, high: Float32Array, previous: Float32Array): number {
  let sum = 0
  for (let i = 0; i < low.length; i++) {
    const tolerance = Math.max(control.atol, control.rtol * Math.max(Math.abs(low[i]), Math.abs(previous[i])))
    sum += ((low[i] - high[i]) / tolerance) ** 2
  }
  return Math.sqrt(sum / low.length)
}
