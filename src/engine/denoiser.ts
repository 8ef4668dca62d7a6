/**
 * From a network to clean latents. Everything here works on one image in sigma space: x = clean latents + sigma
 * times noise of variance one (Karras et al. 2022; k-diffusion's convention), whatever the model was trained on. Flow
 * models alone keep their own mixture, x = (1 - sigma) times clean latents + sigma times noise.
 */

/** Exactly what a U-Net receives and returns: variance preserving latents and the (fractional) timestep. */
export type Network = (input: Float32Array, timestep: number) => Promise<Float32Array>

export const predictionTypes = ['epsilon', 'v_prediction', 'sample', 'flow'] as const
export type PredictionType = (typeof predictionTypes)[number]

/** Predicted clean latents for x at a noise level, under one prompt. */
export type Predict = (x: Float32Array, sigma: number) => Promise<Float32Array>

/** The same under several prompts, in their order. */
export type PredictAll = (x: Float32Array, sigma: number) => Promise<readonly Float32Array[]>

/** What a sampler learns from one evaluation. */
export interface Denoised {
  /** Predicted clean latents, after guidance. */
  denoised: Float32Array
  /**
   * The clean latents from which the direction of the noise is measured: x = anchor + sigma * noise. The same array
   * as `denoised`, except under CFG++ (the unconditional prediction) and clipping (the unclipped one).
   */
  anchor: Float32Array
  /** The predictions that guidance was made of: with the prompt, and with the negative one. */
  conditional?: Float32Array
  unconditional?: Float32Array
}

/**
 * The denoiser that samplers see: x in sigma space and its noise level. It may change x in place, and the sampler goes
 * on from there.
 */
export type Denoise = (x: Float32Array, sigma: number) => Promise<Denoised>

interface Coefficients {
  skip: number
  out: number
}

/** denoised = skip * x + out * network output: Karras et al. 2022, eq. 7; v: Salimans and Ho 2022, section 4. */
const coefficients: Record<PredictionType, (sigma: number) => Coefficients> = {
  epsilon: (sigma) => ({ skip: 1, out: -sigma }),
  v_prediction: (sigma) => ({ skip: 1 / (sigma * sigma + 1), out: -sigma / Math.sqrt(sigma * sigma + 1) }),
  sample: () => ({ skip: 0, out: 1 }),
  // The velocity is noise less picture: Esser et al. 2024, section 2.
  flow: (sigma) => ({ skip: 1, out: -sigma }),
}

/** Makes a network predict clean latents. `timestepOf` gives the timestep the network is called with at a sigma. */
export function denoiser(
  network: Network,
  predictionType: PredictionType,
  timestepOf: (sigma: number) => number,
): Predict {
  const all = denoisers(
    async (input, timestep) => [await network(input, timestep)],
    predictionType,
    timestepOf,
  )
  return async (x, sigma) => (await all(x, sigma))[0]
}

/** The same for a network that answers under several prompts at once. */
export function denoisers(
  network: (...asked: Parameters<Network>) => Promise<readonly Float32Array[]>,
  predictionType: PredictionType,
  timestepOf: (sigma: number) => number,
): PredictAll {
  return async (x, sigma) => {
    const scale = predictionType === 'flow' ? 1 : 1 / Math.sqrt(sigma * sigma + 1)
    const outputs = await network(
      x.map((value) => value * scale),
      timestepOf(sigma),
    )
    const { skip, out } = coefficients[predictionType](sigma)
    return outputs.map((output) => x.map((value, i) => skip * value + out * output[i]))
  }
}

export interface Guidance {
  /** Classifier-free guidance scale; 1 is none, and the unconditional network is not run. */
  scale: number
  /** 0 is off, 1 gives the guided prediction the spread of the conditional one: Lin et al. 2023, section 3.4. */
  rescale: number
  /** The prediction whose spread is compared: the network's own (diffusers) or v (ComfyUI's RescaleCFG). */
  rescaleSpace: PredictionType
  /** The guided noise is made no longer than so many times that under the prompt (L2): Z-Image's cfg_normalization. */
  limit?: number | null
  /** Chung et al. 2024: the noise direction is the unconditional prediction's. Runs it at scale 1 too. */
  plusPlus: boolean
}

/** A prompt that is to be followed; several are joined by AND. */
export interface Condition {
  predict: Predict
  weight: number
}

/**
 * Classifier-free guidance (Ho and Salimans 2022): unconditional + scale * Σ weight * (conditional - unconditional).
 * Several conditions are AUTOMATIC1111's prompts joined by AND (Liu et al. 2022, composable diffusion). `all`: the
 * unconditional prediction, then those of the conditions, by default one after the other.
 */
export function guidance(
  conditions: readonly Condition[],
  unconditional: Predict,
  { scale, rescale, rescaleSpace, limit = null, plusPlus }: Guidance,
  all: PredictAll = inTurn([unconditional, ...conditions.map(({ predict }) => predict)]),
): Denoise {
  const alone = conditions.length === 1 && conditions[0].weight === 1
  const isPlain = isUnguided(conditions, { scale, plusPlus })
  return async (x, sigma) => {
    if (isPlain) return unguided(await conditions[0].predict(x, sigma))
    const [base, ...predictions] = await all(x, sigma)
    const guided = Float32Array.from(base)
    for (const [index, { weight }] of conditions.entries()) {
      const prediction = predictions[index]
      for (let i = 0; i < guided.length; i++) guided[i] += scale * weight * (prediction[i] - base[i])
    }
    const conditional = predictions.at(-1)!
    if (rescale > 0 && alone) {
      const { skip } = coefficients[rescaleSpace](sigma)
      restoreSpread(guided, conditional, x, skip, rescale)
    }
    if (limit !== null && alone) keepWithin(guided, conditional, x, limit)
    return { denoised: guided, anchor: plusPlus ? base : guided, conditional, unconditional: base }
  }
}

/** Whether the prediction under the prompt is all there is to it. */
export const isUnguided = (
  conditions: readonly Pick<Condition, 'weight'>[],
  { scale, plusPlus }: Pick<Guidance, 'scale' | 'plusPlus'>,
): boolean => scale === 1 && conditions.length === 1 && conditions[0].weight === 1 && !plusPlus

/** Predictions one after the other. */
const inTurn =
  (predictors: readonly Predict[]): PredictAll =>
  async (x, sigma) => {
    const predictions: Float32Array[] = []
    for (const predict of predictors) predictions.push(await predict(x, sigma))
    return predictions
  }

/** A prediction as a sampler takes it, with no guidance. */
export const unguided = (denoised: Float32Array): Denoised => ({ denoised, anchor: denoised })

/** Scales what the network added to skip * x so that its standard deviation moves to the conditional one's. */
function restoreSpread(
  guided: Float32Array,
  conditional: Float32Array,
  x: Float32Array,
  skip: number,
  rescale: number,
): void {
  const wanted = spread(conditional, x, skip)
  const found = spread(guided, x, skip)
  const factor = found > 0 ? (rescale * wanted) / found + 1 - rescale : 1
  for (let i = 0; i < guided.length; i++) {
    const kept = skip * x[i]
    guided[i] = kept + factor * (guided[i] - kept)
  }
}

/** Shortens the noise x - guided to so many times that of the conditional prediction. */
function keepWithin(guided: Float32Array, conditional: Float32Array, x: Float32Array, limit: number): void {
  const length = (denoised: Float32Array): number =>
    Math.sqrt(x.reduce((sum, value, i) => sum + (value - denoised[i]) ** 2, 0))
  const factor = (limit * length(conditional)) / length(guided)
  if (!(factor < 1)) return
  for (let i = 0; i < guided.length; i++) guided[i] = x[i] - factor * (x[i] - guided[i])
}

/** Standard deviation of denoised - skip * x. */
function spread(denoised: Float32Array, x: Float32Array, skip: number): number {
  const count = denoised.length
  let sum = 0
  for (let i = 0; i < count; i++) sum += denoised[i] - skip * x[i]
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (denoised[i] - skip * x[i] - mean) ** 2
  return Math.sqrt(squares / (count - 1))
}
