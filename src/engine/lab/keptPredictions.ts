import type { EngineTrace, Prediction } from '../../shared/engine/engineLooks.ts'

/** What predictions of one run may take in memory, in bytes: they are held twice for a moment, as they are told. */
const mostBytes = 2 ** 29

/**
 * Keeps the predictions of a run as they are made. Where they take more memory than there is for them, the guesses that
 * guidance was made of are left out, then every second prediction.
 */
export function keepPredictions(most = mostBytes) {
  let kept: Prediction[] = []
  let fewer: EngineTrace['fewer'] = null
  let [stride, count] = [1, 0]

  const sizeOf = (prediction: Prediction): number =>
    [prediction.x, prediction.denoised, prediction.conditional, prediction.unconditional].reduce(
      (sum, values) => sum + (values?.byteLength ?? 0),
      0,
    )

  function leaveOut(): void {
    if (fewer === null) {
      fewer = 'guesses'
      kept = kept.map(withoutGuesses)
    } else {
      fewer = 'steps'
      stride *= 2
      kept = kept.filter((_, i) => i % 2 === 0)
    }
  }

  return {
    add(prediction: Prediction): void {
      if (count++ % stride !== 0) return
      const own = fewer === null ? prediction : withoutGuesses(prediction)
      while (kept.length > 1 && [...kept, own].reduce((sum, one) => sum + sizeOf(one), 0) > most) leaveOut()
      // What the sampler goes on to change is kept as it is now.
      kept.push({ ...(fewer === null ? prediction : withoutGuesses(prediction)), x: prediction.x.slice() })
    },
    result: (): Pick<EngineTrace, 'predictions' | 'fewer'> => ({ predictions: kept, fewer }),
  }
}

const withoutGuesses = ({ sigma, timestep, x, denoised }: Prediction): Prediction => ({
  sigma,
  timestep,
  x,
  denoised,
})
