import type { PackedNumbers, Trace } from '../../../shared/calls/labCalls.ts'
import { studio } from '../../studio.ts'
import { useLook } from '../look.ts'
import { unpackFloat16 } from '../numbers.ts'

/** One prediction of a run in numbers. */
export interface SeenStep {
  sigma: number
  timestep: number
  x: Float32Array
  denoised: Float32Array
  conditional: Float32Array | null
  unconditional: Float32Array | null
}

/** A run in numbers. */
export interface SeenTrace extends Omit<Trace, 'steps'> {
  steps: SeenStep[]
  /** Of what crossed the contract. */
  bytes: number
}

/** A picture's run once more, prediction by prediction; while a job runs, once it is done. */
export const useTrace = (imageId: () => string) =>
  useLook(imageId, async () => {
    const answer = await studio.trace({ imageId: imageId() })
    return answer && inNumbers(answer)
  })

/** A trace as it crossed the contract, in numbers. */
export function inNumbers({ steps, ...trace }: Trace): SeenTrace {
  let bytes = 0
  const numbers = (packed: PackedNumbers): Float32Array => {
    const values = unpackFloat16(packed)
    bytes += 2 * values.length
    return values
  }
  const orNull = (packed: PackedNumbers | null): Float32Array | null =>
    packed === null ? null : numbers(packed)
  const seen = steps.map(({ sigma, timestep, ...step }) => {
    const [x, denoised] = [numbers(step.x), numbers(step.denoised)]
    return {
      sigma,
      timestep,
      x,
      denoised,
      conditional: orNull(step.conditional),
      unconditional: orNull(step.unconditional),
    }
  })
  return { ...trace, steps: seen, bytes }
}

/** The noise that a guess leaves in x: of x = picture + sigma · noise, or of a flow's (1 - sigma) · picture + sigma · noise. */
export const noiseOf = ({ x, denoised, sigma }: SeenStep, isFlow: boolean): Float32Array =>
  x.map((value, i) => (value - (isFlow ? 1 - sigma : 1) * denoised[i]) / sigma)
