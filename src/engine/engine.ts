import packageJson from '../../package.json' with { type: 'json' }
import { StudioError } from '../shared/errors.ts'
import type { EngineCalls, EngineEvents, EngineTask } from '../shared/engineContract.ts'
import type { Device } from '../shared/request.ts'
import type { Model } from './model/model.ts'
import { describeModel, openModel } from './model/openModel.ts'
import { paint, type Painted, type Subject } from './pipeline.ts'
import { fitPreview, latentsToPixels, type LatentToRgb } from './preview.ts'
import { startStopwatch } from './stopwatch.ts'
import { openTokenizers } from './textEmbeddings.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Previews are made at most this often, in ms: more would be work nobody sees. */
const previewInterval = 100

/** A model ready to paint with. */
interface Palette {
  path: string
  device: Device
  model: Model
  tokenizers: readonly Tokenizer[]
  preview: LatentToRgb
}

/** What the engine process serves: one loaded model, one task at a time. */
export function createEngine(events: EngineEvents): EngineCalls {
  let loaded: Palette | null = null
  let running: { jobId: string; cancelled: boolean } | null = null

  async function load(path: string, device: Device): Promise<{ palette: Palette; loadedMs: number }> {
    if (loaded?.path === path && loaded.device === device) return { palette: loaded, loadedMs: 0 }
    const began = performance.now()
    await loaded?.model.release()
    loaded = null
    const model = await openModel(path, device)
    loaded = {
      path,
      device,
      model,
      tokenizers: await openTokenizers(model),
      preview: await fitPreview(model),
    }
    return { palette: loaded, loadedMs: performance.now() - began }
  }

  async function run(task: EngineTask): Promise<void> {
    if (running) throw new StudioError('internal', `The engine is busy with job ${running.jobId}.`)
    const own = (running = { jobId: task.jobId, cancelled: false })
    const stopIfCancelled = (): void => {
      if (own.cancelled) throw new StudioError('cancelled', 'Stopped before it was finished.')
    }
    const { jobId, request, initImage, mask } = task
    try {
      events.progress({ jobId, phase: 'loading', image: task.firstImage, step: 0, steps: request.steps })
      let { palette, loadedMs } = await load(task.modelPath, task.device)
      for (let index = task.firstImage; index < request.batchSize; index++) {
        stopIfCancelled()
        const stopwatch = startStopwatch(palette.model.tallies, loadedMs)
        const painted = await follow(
          palette,
          jobId,
          { request, index, initImage, mask },
          stopIfCancelled,
          stopwatch,
        )
        const { device, dtype } = palette.model
        events.image({ jobId, index, ...painted, device, dtype, timings: stopwatch.stop() })
        loadedMs = 0
      }
    } finally {
      running = null
    }
  }

  /** Paints one picture, telling of every stage. */
  async function follow(
    { model, tokenizers, preview }: Palette,
    jobId: string,
    subject: Subject,
    stopIfCancelled: () => void,
    stopwatch: ReturnType<typeof startStopwatch>,
  ): Promise<Painted> {
    const painting = paint(model, tokenizers, subject, stopIfCancelled)
    let previewedAt = -Infinity
    for (;;) {
      const { value, done } = await painting.next()
      if (done) return value
      const { phase, step, steps, denoised } = value
      stopwatch.enter(phase)
      events.progress({ jobId, phase, image: subject.index, step, steps })
      if (denoised && performance.now() - previewedAt >= previewInterval) {
        previewedAt = performance.now()
        events.preview(jobId, latentsToPixels(denoised, preview))
      }
    }
  }

  return {
    run,
    describeModel,
    async examineModel(path, options) {
      const { examineModel } = await import('./model/doctor.ts')
      return examineModel(path, options)
    },
    async versions() {
      const { onnxRuntimeVersion } = await import('./model/session.ts')
      return { engine: packageJson.version, onnxRuntime: await onnxRuntimeVersion() }
    },
    async devices() {
      const { listDevices } = await import('./model/devices.ts')
      return listDevices()
    },
    async cancel(jobId) {
      if (running?.jobId === jobId) running.cancelled = true
    },
  }
}
