import type { Seed } from '../../shared/request/seed.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Noise } from '../samplers/step.ts'
import { imageNoise, type BrownianRange, type DrawnShape, type ImageNoise } from './imageNoise.ts'

/** The noise of an image whose steps may go on with another seed, or be drawn in another way. */
export interface TurningNoise extends ImageNoise {
  /**
   * From now on every step has the noise that a picture of this seed draws there (null: of the seed before), along a
   * Brownian path or anew at every step. The same seed in the same way changes nothing.
   */
  turn(seed: Seed | null, brownian: BrownianRange): void
}

/** As `imageNoise`. */
export function turningNoise(
  request: ResolvedRequest,
  index: number,
  shape: DrawnShape,
  brownian: BrownianRange,
): TurningNoise {
  const first = imageNoise(request, index, shape, brownian)
  const drawn: Parameters<Noise>[] = []
  let now: { seed: Seed; brownian: BrownianRange; step: Noise } = {
    seed: request.seed,
    brownian,
    step: first.step,
  }
  let posteriors = 0
  return {
    ...first,
    posterior() {
      posteriors++
      return first.posterior()
    },
    step(...way) {
      drawn.push(way)
      return now.step(...way)
    },
    turn(seed, way) {
      const isSame = (seed === null || seed === now.seed) && (way === null) === (now.brownian === null)
      if (isSame) return
      const next = { seed: seed ?? now.seed, brownian: way && (now.brownian ?? way) }
      const other = imageNoise({ ...request, seed: next.seed }, index, shape, next.brownian)
      for (let i = 0; i < posteriors; i++) other.posterior()
      other.initial()
      // A path is asked at places; what is drawn anew is counted.
      if (next.brownian === null) for (const before of drawn) other.step(...before)
      now = { ...next, step: other.step }
    },
  }
}
