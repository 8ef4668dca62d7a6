import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Parts } from '../model/networks/builtNetworks.ts'
import { findBadWeight, type BadWeight } from '../model/files/badWeights.ts'
import type { Model } from '../model/model.ts'
import type { BrokenPart } from './picture.ts'

/** What was painted with, as far as it may be why no picture came out. */
export interface Circumstances {
  model: Pick<Model, 'device' | 'dtype' | 'predictionType'>
  /** Networks whose weights can be looked through; null where they come as ONNX models. */
  parts: () => Promise<Parts | null>
  request: ResolvedRequest
}

/**
 * Says why a run ended in no picture, and what to do: numbers that are not finite in the model's files, which are
 * looked through, else what is likely on this device. Other errors are answered as they are.
 */
export async function explainBadImage(error: unknown, circumstances: Circumstances): Promise<unknown> {
  if (!(error instanceof StudioError) || error.code !== 'bad-image') return error
  const part = error.cause as BrokenPart
  const parts = await circumstances.parts().catch(() => null)
  const bad = parts && part !== 'colours' ? await findBadWeight(parts).catch(() => null) : null
  if (bad) return new StudioError('bad-checkpoint', `${error.message} ${brokenFile(bad)}`, { cause: error })
  return new StudioError('bad-image', `${error.message} ${advice(part, circumstances, parts !== null)}`, {
    cause: error,
  })
}

const brokenFile = ({ name, path, count }: BadWeight): string =>
  `The model's file is why: ${count === 1 ? '1 value' : `${count} values`} of the tensor "${name}" in ${path} ${count === 1 ? 'is no number' : 'are no numbers'} (NaN or infinite). No other setting helps. Download the file again, or take another version of the model.`

function advice(part: BrokenPart, { model, request }: Circumstances, wereRead: boolean): string {
  const { device, dtype, predictionType } = model
  if (device !== 'cpu') {
    const why =
      dtype === 'float16'
        ? `On ${device} this model is computed in half precision, in which large numbers overflow.`
        : `Its driver may compute this model wrongly on ${device}.`
    return `${why} Choose the device "cpu", which is slower.`
  }
  const looked = wereRead ? 'All weights of the model are numbers. ' : ''
  if (part === 'pixels')
    return `${looked}The latents were good and the autoencoder (VAE) broke them, though it computed in float32: name another VAE for this model in its studio.json ("vae").`
  const { sampler, steps, guidanceScale } = request
  if (part === 'colours')
    return `Often a model was trained to predict something else than its files tell (now ${predictionType}): set "predictionType" in its studio.json. Else try more steps than ${steps}.`
  const lower = guidanceScale > 1 ? `a guidance scale below ${guidanceScale}, ` : ''
  return `${looked}The steps ran away: try ${lower}more steps than ${steps}, smaller weights in the prompt, or another sampler than ${sampler}.`
}
