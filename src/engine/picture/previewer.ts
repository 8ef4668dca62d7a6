import type { Pixels } from '../../shared/engine/engineContract.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import type { Latents } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { planesToPixels } from './picture.ts'
import { fitColours, latentsToPixels, type LatentToRgb } from './preview.ts'
import { createPace } from './previewPace.ts'
import { saying, type Saying } from '../../shared/notices.ts'

export interface Previewer {
  /** A new picture begins. */
  begin(): void
  /**
   * Draws predicted clean latents, as the sampler leaves them, for the model as it is dressed; null while it is too early
   * for another preview.
   */
  draw(denoised: Latents, worn: Fitted): Promise<Pixels | null>
  /** Draws finished latents in the picture's size, whenever; null where no tiny VAE does. */
  sketch(finished: Latents): Promise<Pixels | null>
}

type Previewed = Pick<Model, 'latentScale' | 'openPreviewVae'>
type Fitted = Pick<Model, 'latentChannels' | 'latentScale' | 'decode' | 'vaeStamp'>

/**
 * Draws the previews of a model: from the first step on through a fitted map, and with its tiny VAE, where it has one, as
 * soon as there is time for that; from then on no coarse one takes its place. A tiny VAE that fails is left alone from then
 * on, and `warn` is told why: no picture is lost for its previews. `now` in ms.
 */
export function createPreviewer(
  model: Previewed,
  warn: (said: Saying) => void,
  now?: () => number,
): Previewer {
  const [fine, coarse] = [createPace(now), createPace(now)]
  let vae = model.openPreviewVae
  /** The picture was seen as the tiny VAE draws it. */
  let isFine = false
  // Fitted when the first one is due: the first step does not wait for it.
  let map: { stamp: string | null; fitted: LatentToRgb } | null = null

  async function decode({ data, height, width }: Latents): Promise<Pixels | null> {
    try {
      const opened = await vae?.(height, width)
      if (!opened) return null
      const { run, scale } = opened
      return await fine.measure(async () => planesToPixels(await run(data), width * scale, height * scale))
    } catch (error) {
      vae = null
      isFine = false
      warn(saying('previewsCoarse', { reason: toErrorRecord(error) }))
      return null
    }
  }

  return {
    begin() {
      isFine = false
      fine.begin()
      coarse.begin()
    },
    async draw(denoised, worn) {
      const decoded = fine.isDue() ? await decode(denoised) : null
      if (decoded) {
        isFine = true
        return decoded
      }
      if (isFine || !coarse.isDue()) return null
      if (map?.stamp !== worn.vaeStamp)
        map = { stamp: worn.vaeStamp, fitted: await fitColours({ ...worn, openPreviewVae: vae }) }
      const { fitted } = map
      return coarse.measure(async () => latentsToPixels(denoised, fitted))
    },
    async sketch(finished) {
      const drawn = await decode(finished)
      return drawn?.width === finished.width * model.latentScale ? drawn : null
    },
  }
}
