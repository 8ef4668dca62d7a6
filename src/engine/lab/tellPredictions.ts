import type { EngineEvents } from '../../shared/engine/engineContract.ts'
import type { Prediction } from '../../shared/engine/engineLooks.ts'
import type { LatentShape } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { colours } from './looks.ts'

/** Tells of the predictions of a picture as they are made, while somebody watches; else it costs nothing. */
export function predictionTeller(
  { jobId, image, isWatched }: { jobId: string; image: number; isWatched: () => boolean },
  { predictions: tell }: Pick<EngineEvents, 'predictions'>,
) {
  let heard: Prediction[] = []
  return {
    /** To be called with every prediction, in arrays that the sampler goes on to use. */
    watch({ x, ...prediction }: Prediction): void {
      if (isWatched()) heard.push({ ...prediction, x: x.slice() })
    },
    /** To be called after every step of the sampler. */
    async tell(model: Model, { channels, height, width }: LatentShape): Promise<void> {
      if (heard.length === 0) return
      const predictions = heard
      heard = []
      tell?.({ jobId, image, channels, height, width, toRgb: await colours(model), predictions, fewer: null })
    },
  }
}
