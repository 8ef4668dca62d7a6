import type { Denoise, Denoised } from '../../denoiser.ts'
import type { DiffusersRequest } from './laidOut.ts'
import type { SchedulerConfig } from './schedulerConfig.ts'

/** What a config makes of the predicted clean latents: clipping or dynamic thresholding. */
export function shaped(
  config: SchedulerConfig,
  denoise: Denoise,
  { useClippedOutput = false }: DiffusersRequest,
): Denoise {
  const keepDirection = config.class === 'DDIMScheduler' && !useClippedOutput
  if (config.flag('thresholding', false)) {
    const ratio = config.number('dynamic_thresholding_ratio', 0.995)
    return thresholded(denoise, ratio, config.number('sample_max_value', 1), keepDirection)
  }
  const clipsByDefault = config.class === 'DDIMScheduler' || config.class === 'DDPMScheduler'
  if (!config.flag('clip_sample', clipsByDefault)) return denoise
  return clipped(denoise, config.number('clip_sample_range', 1), keepDirection)
}

/** Clips predicted clean latents to ±range; `keepDirection`: the noise direction stays that of the whole prediction. */
export const clipped = (denoise: Denoise, range: number, keepDirection: boolean): Denoise =>
  reshaped(denoise, keepDirection, () => ({ limit: range, scale: 1 }))

/**
 * Dynamic thresholding: Saharia et al. 2022 (Imagen), section 2.3. Clips to the `ratio` quantile of the sizes, which
 * is kept between 1 and `most`, and divides by it.
 */
const thresholded = (denoise: Denoise, ratio: number, most: number, keepDirection: boolean): Denoise =>
  reshaped(denoise, keepDirection, (latents) => {
    const limit = Math.min(Math.max(sizeQuantile(latents, ratio), 1), most)
    return { limit, scale: 1 / limit }
  })

function reshaped(
  denoise: Denoise,
  keepDirection: boolean,
  bounds: (latents: Float32Array) => { limit: number; scale: number },
): Denoise {
  return async (x, sigma): Promise<Denoised> => {
    const { denoised: whole, anchor } = await denoise(x, sigma)
    const { limit, scale } = bounds(whole)
    const denoised = whole.map((value) => Math.min(Math.max(value, -limit), limit) * scale)
    return { denoised, anchor: keepDirection ? anchor : denoised }
  }
}

/** Quantile of absolute values, linear between neighbours. */
function sizeQuantile(latents: Float32Array, ratio: number): number {
  const sizes = latents.map(Math.abs).sort()
  const position = ratio * (sizes.length - 1)
  const low = Math.floor(position)
  const high = Math.ceil(position)
  return sizes[low] + (position - low) * (sizes[high] - sizes[low])
}
