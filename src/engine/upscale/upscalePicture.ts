import type { EngineEvents, EngineTask, Pixels, UpscaleTask } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import { isFilterUpscaler, upscaledSize } from '../../shared/models/upscalers.ts'
import type { Enlarge } from '../hires.ts'
import { targetFor } from '../model/runtime/devices.ts'
import type { Target } from '../model/networks/networks.ts'
import { startStopwatch } from '../stopwatch.ts'
import { enlarge } from './enlarge.ts'
import { openUpscaler } from './upscaler.ts'

/** Told of before each tile: how many of how many are done. May throw to end the work. */
type BeforeTile = (done: number, tiles: number) => void

/** Enlarges by the filter of that name or by the network in a file, which is open for as long as it works. */
export const enlargeBy =
  (name: string, path: string | null, target: Target, beforeTile: BeforeTile): Enlarge =>
  async (picture, size) => {
    if (isFilterUpscaler(name)) return enlarge(picture, size, name)
    if (path === null) throw new StudioError('internal', `The file of the upscaler "${name}" was not told.`)
    const upscaler = await openUpscaler(path, target)
    try {
      return await enlarge(picture, size, upscaler, beforeTile)
    } finally {
      await upscaler.release()
    }
  }

/** The finished picture of a run as its request wants it enlarged. */
export async function upscaled(
  picture: Pixels,
  { request, upscaler }: Pick<EngineTask, 'request' | 'upscaler'>,
  target: Target,
  beforeTile: BeforeTile,
): Promise<Pixels> {
  if (!request.upscale) return picture
  const { upscaler: name, scale } = request.upscale
  return enlargeBy(name, upscaler, target, beforeTile)(picture, upscaledSize(picture, scale))
}

/** A task that only enlarges. */
export async function upscaleTask(
  task: UpscaleTask,
  events: Pick<EngineEvents, 'progress' | 'image'>,
  stopIfCancelled: () => void,
): Promise<void> {
  const { jobId, request, picture } = task
  const target = await targetFor(task.device)
  const stopwatch = startStopwatch(target.tallies, 0)
  stopwatch.enter('upscaling')
  const pixels = await upscaled(picture, task, target, (step, steps) => {
    stopIfCancelled()
    events.progress({ jobId, phase: 'upscaling', image: 0, step, steps, pass: null })
  })
  const { seed, batchStart, batchOf, variationSeed, unetWidening, guidanceTogether } = request
  const origin = { seed, batchStart, batchOf, variationSeed, unetWidening, guidanceTogether }
  const made = { device: target.device, dtype: 'float32', timings: stopwatch.stop() } as const
  events.image({ jobId, index: 0, pixels, ...origin, ...made })
}
