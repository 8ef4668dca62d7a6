import type { Pixels } from '../shared/engine/engineContract.ts'
import type { Hires } from '../shared/request/passes.ts'
import type { ResolvedRequest } from '../shared/request/request.ts'
import {
  hiresSize,
  isFilterUpscaler,
  isLatentUpscaler,
  type LatentUpscaler,
} from '../shared/models/upscalers.ts'
import { StudioError } from '../shared/errors.ts'
import { latentShape, withData, type Latents, type LatentShape } from './latents.ts'
import type { Model } from './model/model.ts'
import { decodePicture, encodeMean } from './picture/pictureLatents.ts'
import { resample, type Resampling } from './picture/resample.ts'
import type { BeforePart } from './picture/tiles.ts'
import { enlarge } from './upscale/enlarge.ts'

/** The second pass of "Hires. fix" (AUTOMATIC1111, StableDiffusionProcessingTxt2Img.sample_hr_pass). */

/** Enlarges the picture of the first pass to a size. */
export type Enlarge = (picture: Pixels, size: { width: number; height: number }) => Promise<Pixels>

/** Enlarges by the filter that a name stands for; networks have to be opened by somebody. */
export const byFilter =
  (name: string): Enlarge =>
  (picture, size) => {
    if (isFilterUpscaler(name)) return enlarge(picture, size, name)
    throw new StudioError('internal', `The upscaler "${name}" was not opened.`)
  }

/** What the second pass is asked for: the same, but at the larger size and as `hires` says. Its seed is the same. */
export function secondRequest(
  request: ResolvedRequest,
  hires: Hires,
  { width, height }: { width: number; height: number },
): ResolvedRequest {
  const { prompt, negativePrompt } = hires
  return {
    ...request,
    branch: null,
    width,
    height,
    steps: hires.steps || request.steps,
    denoiseStrength: hires.denoiseStrength,
    sampler: hires.sampler ?? request.sampler,
    schedule: hires.schedule ?? request.schedule,
    guidanceScale: hires.guidanceScale ?? request.guidanceScale,
    ...(prompt !== null && { prompt, prompt2: null }),
    ...(negativePrompt !== null && { negativePrompt, negativePrompt2: null }),
  }
}

/** How torch's interpolate is called under each name (AUTOMATIC1111, shared_items.latent_upscale_modes). */
const latentResampling: Readonly<Record<LatentUpscaler, Resampling>> = {
  Latent: { filter: 'bilinear', antialias: false },
  'Latent (antialiased)': { filter: 'bilinear', antialias: true },
  'Latent (bicubic)': { filter: 'bicubic', antialias: false },
  'Latent (bicubic antialiased)': { filter: 'bicubic', antialias: true },
  'Latent (nearest)': { filter: 'nearest' },
  'Latent (nearest-exact)': { filter: 'nearest-exact' },
}

/** Latents at another height and width. */
function stretchLatents(latents: Latents, to: LatentShape, by: LatentUpscaler): Latents {
  const { data } = resample(latents, to.height, to.width, latentResampling[by])
  return withData(to, data)
}

/** The middle of latents that are larger than asked for. */
function middleOf(latents: Latents, { channels, height, width }: LatentShape): Latents {
  const top = Math.floor((latents.height - height) / 2)
  const left = Math.floor((latents.width - width) / 2)
  const data = new Float32Array(channels * height * width)
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const from = (channel * latents.height + top + y) * latents.width + left
      data.set(latents.data.subarray(from, from + width), (channel * height + y) * width)
    }
  return { data, channels, height, width }
}

/** The picture of the first pass at the size of the second, in latents: stretched there, or decoded for it. */
export async function enlarged(
  model: Model,
  latents: Latents,
  request: ResolvedRequest,
  enlarge: Enlarge,
  beforePart: BeforePart,
): Promise<Latents> {
  const { upscaler } = request.hires!
  const { stretched, result } = hiresSize(request, request.hires!, model.info.sizeMultiple)
  const shape = latentShape(model, stretched)
  const larger = isLatentUpscaler(upscaler)
    ? stretchLatents(latents, shape, upscaler)
    : await encodeMean(
        model,
        await enlarge(await decodePicture(model, latents, beforePart), stretched),
        beforePart,
      )
  return middleOf(larger, latentShape(model, result))
}
