import { combine, noiseIn, type Sampler } from './step.ts'
import { unipcTerms, type UnipcVariant } from './unipcTerms.ts'

export interface UnipcOptions {
  variant: UnipcVariant
  /** At most this many predictions in a step. */
  order: number
  /** Fewer predictions near the end: Zhao et al. 2023, section 3.3. */
  lowerOrderFinal: boolean
  /** Predict the clean latents, or the noise. */
  predictNoise?: boolean
  /** Steps, counted from 0, whose result is not corrected. */
  uncorrected?: readonly number[]
}

/** A model output at a sigma: clean latents, or noise. */
interface Prediction {
  sigma: number
  output: Float32Array
}

/**
 * UniPC, unified predictor-corrector: Zhao et al. 2023, Algorithms 5 to 8, multistep. A step's evaluation at the
 * predicted latents also corrects them, so that the corrector costs nothing; the last step is not corrected.
 */
export const unipc: Sampler<UnipcOptions> = async function* (denoise, x, sigmas, _noise, options) {
  const steps = sigmas.length - 1
  const evaluate = async (
    at: Float32Array,
    sigma: number,
  ): Promise<{ output: Float32Array; denoised: Float32Array }> => {
    const { denoised } = await denoise(at, sigma)
    return { denoised, output: options.predictNoise ? noiseIn(at, denoised, sigma) : denoised }
  }
  let { output, denoised } = await evaluate(x, sigmas[0])
  let history: Prediction[] = [{ sigma: sigmas[0], output }]
  for (let step = 1; step <= steps; step++) {
    const next = sigmas[step]
    const order = Math.min(
      options.order,
      history.length,
      options.lowerOrderFinal ? steps + 1 - step : Infinity,
    )
    const update = (there: Float32Array | null): Float32Array =>
      unipcUpdate(x, history.slice(0, order), next, there, options)
    const predicted = update(null)
    if (step === steps) {
      x = predicted
    } else {
      ;({ output, denoised } = await evaluate(predicted, next))
      x = options.uncorrected?.includes(step) ? predicted : update(output)
      history = [{ sigma: next, output }, ...history].slice(0, options.order)
    }
    yield { x, denoised }
  }
}

/** One step from the newest prediction's sigma to `next`, given the output there (corrector) or not (predictor). */
function unipcUpdate(
  x: Float32Array,
  history: readonly Prediction[],
  next: number,
  there: Float32Array | null,
  { variant, predictNoise = false }: UnipcOptions,
): Float32Array {
  const [newest, ...older] = history as [Prediction, ...Prediction[]]
  const h = Math.log(newest.sigma / next)
  const ratios = older.map(({ sigma }) => Math.log(newest.sigma / sigma) / h)
  const hh = predictNoise ? h : -h
  const { weights, weightThere } = unipcTerms(variant, ratios, hh, there !== null)
  // In sigma space the paper's α is 1; noise prediction has every term times the next sigma.
  const scale = predictNoise ? next : 1
  const own = Math.expm1(hh)
  const terms: (readonly [number, Float32Array])[] = [
    [predictNoise ? 1 : next / newest.sigma, x],
    [-scale * own, newest.output],
  ]
  const difference = (weight: number, output: Float32Array): void => {
    if (weight !== 0) terms.push([-scale * weight, output], [scale * weight, newest.output])
  }
  older.forEach(({ output }, k) => difference(weights[k] / ratios[k], output))
  if (there) difference(weightThere, there)
  return combine(...terms)
}
