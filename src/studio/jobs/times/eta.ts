import type { EngineProgress } from '../../../shared/engine/engineContract.ts'
import type { ExpectedTimes } from './estimateTime.ts'

const stepsAveraged = 8

/**
 * Estimates the time the rest of a job will take, in ms: steps left at the mean of the last eight, and for every image what
 * its decoding took last time. Until that was measured it is what earlier pictures took; null where there are none.
 */
export function createEta(
  images: number,
  expected: ExpectedTimes | null = null,
  now: () => number = () => performance.now(),
) {
  let last: { image: number; step: number; at: number } | null = null
  let drawSteps: number | null = null
  let stepTimes: number[] = []
  let restTime = expected ? expected.rest + expected.enlarge : 0

  const tiles = createTileEta(expected?.enlarge ?? 0, now)

  function stepTime(steps: number): number | null {
    if (stepTimes.length > 0) return stepTimes.reduce((sum, time) => sum + time, 0) / stepTimes.length
    return expected && expected.draw / steps
  }

  return (progress: EngineProgress): number | null => {
    const at = now()
    const isAfterDrawing = progress.phase === 'upscaling' && progress.pass === null
    if (isAfterDrawing && progress.image === images - 1) return tiles(progress)
    if (progress.phase === 'denoising') {
      drawSteps = progress.steps
      const isNewImage = last !== null && last.image !== progress.image
      if (last && isNewImage) restTime = at - last.at
      if (last && !isNewImage && progress.step > last.step) {
        stepTimes = [...stepTimes, (at - last.at) / (progress.step - last.step)].slice(-stepsAveraged)
      }
      last = { image: progress.image, step: progress.step, at }
    }
    const steps = drawSteps ?? progress.steps
    const each = stepTime(steps)
    if (each === null) return null
    const isDecoding = progress.phase === 'decoding' && progress.pass === null
    const isDrawn = last?.image === progress.image && (isDecoding || isAfterDrawing)
    const here =
      last && isDrawn ? Math.max(0, restTime - (at - last.at)) : (steps - progress.step) * each + restTime
    return Math.round(here + (images - progress.image - 1) * (steps * each + restTime))
  }
}

/** The tiles left of a picture that is enlarged, at the mean of those seen so far; before the first as long as expected. */
function createTileEta(expectedTime: number, now: () => number) {
  let first: { step: number; at: number } | null = null
  return ({ step, steps }: Pick<EngineProgress, 'step' | 'steps'>): number | null => {
    if (!first || step < first.step) first = { step, at: now() }
    const done = step - first.step
    if (done > 0) return Math.round(((now() - first.at) / done) * (steps - step))
    return expectedTime > 0 ? Math.round((expectedTime * (steps - step)) / steps) : null
  }
}
