import type { EngineProgress } from '../../shared/engineContract.ts'

const stepsAveraged = 8

/**
 * Estimates the time the rest of a job will take, in ms, from the steps and images seen so far: steps left at the
 * mean of the last eight, and for every image what its decoding took last time. null until a step was measured.
 */
export function createEta(images: number, now: () => number = () => performance.now()) {
  let last: { image: number; step: number; at: number } | null = null
  let stepTimes: number[] = []
  let lastStepAt: number | null = null
  let decodeTime = 0

  const tiles = createTileEta(now)

  return (progress: EngineProgress): number | null => {
    const at = now()
    const isAfterDrawing = progress.phase === 'upscaling' && progress.pass === null
    if (isAfterDrawing && progress.image === images - 1) return tiles(progress)
    if (progress.phase === 'denoising') {
      const isNewImage = last !== null && last.image !== progress.image
      if (isNewImage && lastStepAt !== null) decodeTime = at - lastStepAt
      if (last && !isNewImage && progress.step > last.step) {
        stepTimes = [...stepTimes, (at - last.at) / (progress.step - last.step)].slice(-stepsAveraged)
      }
      last = { image: progress.image, step: progress.step, at }
      lastStepAt = at
    }
    if (!stepTimes.length) return null
    const stepTime = stepTimes.reduce((sum, time) => sum + time, 0) / stepTimes.length
    const imagesAfter = images - progress.image - 1
    const stepsLeft = progress.steps - progress.step + imagesAfter * progress.steps
    return Math.round(stepsLeft * stepTime + (imagesAfter + 1) * decodeTime)
  }
}

/** The tiles left of a picture that is enlarged, at the mean of those seen so far. */
function createTileEta(now: () => number) {
  let first: { step: number; at: number } | null = null
  return ({ step, steps }: Pick<EngineProgress, 'step' | 'steps'>): number | null => {
    if (!first || step < first.step) first = { step, at: now() }
    const done = step - first.step
    return done === 0 ? null : Math.round(((now() - first.at) / done) * (steps - step))
  }
}
