import type { Pixels } from '../../shared/engineContract.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import type { Latents } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { planesToPixels } from './picture.ts'
import { fitPreview, latentsToPixels, type LatentToRgb } from './preview.ts'
import { createPace, type Pace } from './previewPace.ts'

export interface Previewer {
  /** A new picture begins. */
  begin(): void
  /** Draws predicted clean latents, as the sampler leaves them; null while it is too early for another preview. */
  draw(denoised: Latents): Promise<Pixels | null>
  /** Draws finished latents in the picture's size, whenever; null where no tiny VAE does. */
  sketch(finished: Latents): Promise<Pixels | null>
}

type Previewed = Pick<Model, 'latentChannels' | 'latentScale' | 'decode' | 'openPreviewVae'>

/**
 * Draws the previews of a model: with its tiny VAE where it has one, else through a fitted map. A tiny VAE that
 * fails is left alone from then on, and `warn` is told why: no picture is lost for its previews.
 */
export function createPreviewer(
  model: Previewed,
  warn: (message: string) => void,
  pace: Pace = createPace(),
): Previewer {
  let vae = model.openPreviewVae
  // Fitted when the first one is due: the first step does not wait for it.
  let map: LatentToRgb | null = null

  async function decode({ data, height, width }: Latents): Promise<Pixels | null> {
    try {
      const opened = await vae?.(height, width)
      if (!opened) return null
      const { run, scale } = opened
      return await pace.measure(async () => planesToPixels(await run(data), width * scale, height * scale))
    } catch (error) {
      vae = null
      warn(`Previews are coarse. ${toErrorRecord(error).message}`)
      return null
    }
  }

  return {
    begin: pace.begin,
    async draw(denoised) {
      if (!pace.isDue()) return null
      const decoded = await decode(denoised)
      if (decoded) return decoded
      const fitted = (map ??= await fitPreview(model))
      return pace.measure(async () => latentsToPixels(denoised, fitted))
    },
    async sketch(finished) {
      const drawn = await decode(finished)
      return drawn?.width === finished.width * model.latentScale ? drawn : null
    },
  }
}
