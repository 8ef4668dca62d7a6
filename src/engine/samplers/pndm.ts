import type { PredictionType } from '../denoiser.ts'
import { adamsBashforth } from './ipndm.ts'
import { combine, type Sampler } from './step.ts'

/** One evaluation of diffusers' PNDM scheduler: where, and the transfer that follows. */
export interface PndmCall {
  /** The sigma at which the network is asked. */
  sigma: number
  /** The transfer's ends. */
  from: number
  to: number
  /** Runge-Kutta stages 0 to 3 of the start, or a multistep. */
  stage: 'multistep' | 'again' | 0 | 1 | 2 | 3
}

export interface PndmOptions {
  calls: readonly PndmCall[]
  predictionType: PredictionType
}

/**
 * PNDM: Liu et al. 2022, Algorithm 2, as diffusers' scheduler does it, one yield an evaluation. It keeps variance
 * preserving latents as they are where a transfer does not end at the sigma of the next evaluation. The multistep
 * is of the network's own outputs, so that velocities are averaged as velocities.
 */
export const pndm: Sampler<PndmOptions> = async function* (
  denoise,
  x,
  _sigmas,
  _noise,
  { calls, predictionType },
) {
  const velocity = predictionType === 'v_prediction'
  let outputs: Float32Array[] = []
  let start = x
  let at = calls[0]?.sigma ?? 0
  let stages: Float32Array[] = []
  for (const { sigma, from, to, stage } of calls) {
    x = atNoiseLevel(x, at, sigma)
    const { denoised } = await denoise(x, sigma)
    const output = networkOutput(x, denoised, sigma, velocity)
    if (stage === 0 || stage === 'multistep') {
      outputs = [output, ...outputs].slice(0, 4)
      start = atNoiseLevel(x, sigma, from)
    }
    if (typeof stage === 'number') stages = stage === 0 ? [output] : [...stages, output]
    x = transfer(start, from, to, slope(stage, output, outputs, stages), velocity)
    at = to
    yield { x, denoised }
  }
}

/** The output to follow: Adams-Bashforth, the improved Euler start, or Runge-Kutta (Liu et al. 2022, eq. 12 and 13). */
function slope(
  stage: PndmCall['stage'],
  output: Float32Array,
  outputs: readonly Float32Array[],
  stages: readonly Float32Array[],
): Float32Array {
  if (stage === 'again') return combine([1 / 2, output], [1 / 2, outputs[0]])
  if (stage === 3) return combine(...stages.map((value, k) => [rungeKutta[k], value] as const))
  if (stage !== 'multistep') return output
  const weights = adamsBashforth[outputs.length - 1]
  return combine(...outputs.map((value, k) => [weights[k], value] as const))
}

const rungeKutta = [1 / 6, 1 / 3, 1 / 3, 1 / 6]

/** The same variance preserving latents, taken to be at another sigma. */
const atNoiseLevel = (x: Float32Array, from: number, to: number): Float32Array =>
  from === to ? x : combine([Math.hypot(1, to) / Math.hypot(1, from), x])

function networkOutput(
  x: Float32Array,
  denoised: Float32Array,
  sigma: number,
  velocity: boolean,
): Float32Array {
  if (!velocity) return combine([1 / sigma, x], [-1 / sigma, denoised])
  const root = Math.hypot(1, sigma)
  return combine([1 / (sigma * root), x], [-root / sigma, denoised])
}

/** Liu et al. 2022, eq. 11, which in sigma space is a straight line along the noise. */
function transfer(
  x: Float32Array,
  from: number,
  to: number,
  output: Float32Array,
  velocity: boolean,
): Float32Array {
  if (!velocity) return combine([1, x], [to - from, output])
  const square = 1 + from * from
  return combine([1 + ((to - from) * from) / square, x], [(to - from) / Math.sqrt(square), output])
}
