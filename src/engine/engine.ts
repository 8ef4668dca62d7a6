import packageJson from '../../package.json' with { type: 'json' }
import { withPromptsOf } from '../shared/batch.ts'
import type { EngineCalls, EngineEvents, EngineProgress, EngineTask } from '../shared/engineContract.ts'
import type { Device, SeedConvention } from '../shared/request.ts'
import { estimateRun, planRun } from './memory/estimateRun.ts'
import type { UnetLook } from './graph/unet/look.ts'
import { drawMix } from './lab/drawMix.ts'
import { insideCalls, teller } from './lab/insideCalls.ts'
import { checkChannels, decodeLatents, encodePicture, traceRun } from './lab/looks.ts'
import { predictionTeller } from './lab/tellPredictions.ts'
import { explainBadImage } from './picture/badImage.ts'
import type { Parts } from './model/networks/builtNetworks.ts'
import { stampOf } from './model/files/fileStamps.ts'
import type { Model } from './model/model.ts'
import type { Target } from './model/networks/networks.ts'
import { describeModel, openModel, readModel } from './model/openModel.ts'
import { readSwappedVae } from './model/networks/swappedVae.ts'
import { noiseSchedule } from './plan/noiseSchedule.ts'
import { paint, type Painted, type Subject } from './pipeline.ts'
import type { Opened } from './predictions.ts'
import { createPreviewer, type Previewer } from './picture/previewer.ts'
import { promptLanguage } from './text/promptLanguage.ts'
import { onePlace } from './onePlace.ts'
import { prepare } from './prepare.ts'
import { planSampling } from './plan/sampling.ts'
import { replaying } from './replay.ts'
import { startStopwatch, type Stopwatch } from './stopwatch.ts'
import { enlargeBy, upscaled, upscaleTask } from './upscale/upscalePicture.ts'
import type { TextCleaning } from './text/textCleaning.ts'
import { openTokenizers } from './text/textEmbeddings.ts'
import type { Tokenizer } from './text/tokenizer.ts'

/** A model ready to paint with. */
interface Palette {
  /** The files and the device it was loaded from. */
  source: string
  path: string
  model: Model
  tokenizers: Map<TextCleaning, readonly Tokenizer[]>
  previewer: Previewer
  /** What loading it took, in ms; told with the first picture only. */
  loadMs: number
}

/** What the engine process serves: one loaded model, one task at a time. */
export function createEngine(events: EngineEvents): EngineCalls {
  const load = keepLoaded(events.warning)
  const place = onePlace()
  const { alone } = place

  return {
    async ping() {},
    run: (task, evaluations = []) =>
      alone(task.jobId, (stopIfCancelled) => {
        const isWatched = (): boolean => place.isWatched(task.jobId)
        return runTask(task, evaluations, { load, events: { ...events, isWatched }, stopIfCancelled })
      }),
    upscale: (task) => alone(task.jobId, (stopIfCancelled) => upscaleTask(task, events, stopIfCancelled)),
    ...lookCalls(alone, load, events),
    ...insideCalls(alone, (task, look) => openLeg(task, 0, { load, warn: events.warning, look }), events),
    watch: place.watch,
    cancel: place.cancel,
    describeModel,
    async checkRequest(path, request) {
      const { facts } = await readModel(path)
      planSampling(request, { ...facts, noiseSchedule: noiseSchedule(facts.noiseSchedule) })
    },
    estimate: estimateRun,
    async examineModel(path, options) {
      const { examineModel } = await import('./model/doctor.ts')
      return examineModel(path, options)
    },
    async examineFiles(paths) {
      const { examineFiles } = await import('./model/examineFiles.ts')
      return examineFiles(paths)
    },
    async headerThumbnail(path) {
      const [{ thumbnailIn }, { readSafetensors }] = await Promise.all([
        import('./model/files/headerTexts.ts'),
        import('./model/files/safetensors.ts'),
      ])
      return thumbnailIn((await readSafetensors(path)).metadata)
    },
    async hashFile(path) {
      const { hashFile } = await import('./model/files/fileHashes.ts')
      return hashFile(path)
    },
    versions,
    async preprocess(picture, preprocessor, settings) {
      const { preprocess } = await import('./control/preprocess/preprocess.ts')
      return preprocess(picture, preprocessor, settings)
    },
    async devices() {
      const { listDevices } = await import('./model/runtime/devices.ts')
      return listDevices()
    },
  }
}

async function versions(): ReturnType<EngineCalls['versions']> {
  const { onnxRuntimeVersion } = await import('./model/runtime/session.ts')
  return { engine: packageJson.version, onnxRuntime: await onnxRuntimeVersion() }
}

type Alone = <T>(jobId: string, work: (stopIfCancelled: () => void) => Promise<T>) => Promise<T>

/** The calls that look into a model and make no picture. */
const lookCalls = (
  alone: Alone,
  load: ReturnType<typeof keepLoaded>,
  events: EngineEvents,
): Pick<EngineCalls, 'prepare' | 'encodePicture' | 'decodeLatents' | 'trace' | 'drawMix'> => ({
  prepare: (task) =>
    alone(task.jobId, async () => {
      const { model, tokenizers } = await openLeg(task, 0, { load, warn: events.warning })
      await prepare(model, tokenizers, task)
    }),
  encodePicture: (task) =>
    alone(task.jobId, async (stopIfCancelled) =>
      encodePicture(
        (await load(task.modelPath, task.device, task.request.turbo)).model,
        task,
        stopIfCancelled,
      ),
    ),
  decodeLatents: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const { model, previewer } = await load(task.modelPath, task.device)
      checkChannels(model, task.latents)
      return (await previewer.sketch(task.latents)) ?? decodeLatents(model, task.latents, stopIfCancelled)
    }),
  trace: (task) =>
    alone(task.jobId, (stopIfCancelled) =>
      traceRun((leg) => openLeg(task, leg, { load, warn: events.warning }), task, stopIfCancelled),
    ),
  drawMix: (task, mix) =>
    alone(task.jobId, (stopIfCancelled) => {
      const open = (leg: number): Promise<Dressed> => openLeg(task, leg, { load, warn: events.warning })
      return drawMix(open, task, mix, { tell: teller(task, events), stopIfCancelled })
    }),
})

/** Opens models, and keeps the last one: a task on the same model and device finds it loaded. */
function keepLoaded(
  warn: (message: string) => void,
): (path: string, device: Device, turbo?: boolean) => Promise<Palette> {
  let loaded: Palette | null = null
  return async (path, device, turbo = false) => {
    const source = `${await stampOf(path)} on ${device}${turbo ? ' in 8 bits' : ''}`
    if (loaded?.source === source) return loaded
    const began = performance.now()
    await loaded?.model.release()
    loaded = null
    const model = await openModel(path, device, warn, turbo)
    const previewer = createPreviewer(model, warn)
    loaded = { source, path, model, previewer, tokenizers: new Map(), loadMs: performance.now() - began }
    return loaded
  }
}

/** A model as a leg of a task wears it, and whose it is. */
interface Dressed extends Opened {
  palette: Palette
}

/**
 * The model of a leg of a task, of which most have but one, in as much memory as there is for a look at its U-Net. Throws
 * `out-of-memory` where it cannot fit.
 */
async function openLeg(
  task: EngineTask,
  leg: number,
  {
    load,
    warn,
    look,
  }: { load: ReturnType<typeof keepLoaded>; warn: EngineEvents['warning']; look?: UnetLook },
): Promise<Dressed> {
  const { request, device } = task
  const own = task.before?.[leg] ?? task
  const memory = await planRun({ ...task, ...own }, look)
  const palette = await load(own.modelPath, device, request.turbo)
  palette.model.useMemory(memory)
  const model = await palette.model.wearing(own, warn)
  return { palette, model, tokenizers: await tokenizersFor(palette, request.seedConvention) }
}

const replayed = (dressed: Dressed, replay: (model: Model) => Model): Dressed => ({
  ...dressed,
  model: replay(dressed.model),
})

/** Whom a run tells, and whether of its predictions too. */
interface Listening extends EngineEvents {
  isWatched(): boolean
}

interface Running {
  load: ReturnType<typeof keepLoaded>
  events: Listening
  stopIfCancelled: () => void
}

async function runTask(
  task: EngineTask,
  evaluations: readonly Float32Array[],
  { load, events, stopIfCancelled }: Running,
): Promise<void> {
  const { jobId, isDraft, request, initImage, mask, controls, firstImage } = task
  events.progress({ jobId, phase: 'loading', image: firstImage, step: 0, steps: request.steps, pass: null })
  const opened = (leg: number): Promise<Dressed> => openLeg(task, leg, { load, warn: events.warning })
  const first = await opened(0)
  const { model, palette } = first
  for (let index = firstImage; index < request.batchSize; index++) {
    stopIfCancelled()
    const stopwatch = startStopwatch(model.tallies, palette.loadMs)
    palette.loadMs = 0
    const hear = (answer: Float32Array): void => {
      if (!isDraft) events.evaluated(jobId, index, answer)
    }
    const replay = replaying(index === firstImage ? evaluations : [], hear)
    const open = async (leg: number): Promise<Dressed> => replayed(await opened(leg), replay)
    const subject = { request: withPromptsOf(request, index), index, initImage, mask, controls, open }
    const painted = await paintTelling(
      replayed(first, replay),
      task,
      subject,
      events,
      stopwatch,
      stopIfCancelled,
    )
    if (!painted) continue
    const beforeTile = (step: number, steps: number): void => {
      stopIfCancelled()
      stopwatch.enter('upscaling')
      events.progress({ jobId, phase: 'upscaling', image: index, step, steps, pass: null })
    }
    const pixels = await upscaled(painted.pixels, task, upscalerTarget(model), beforeTile)
    const { device: usedDevice, dtype } = model
    events.image({ jobId, index, ...painted, pixels, device: usedDevice, dtype, timings: stopwatch.stop() })
  }
}

/** Upscalers run where the model does, in single precision. */
const upscalerTarget = ({ device, tallies }: Model): Target => ({
  device,
  dialect: { attention: 'fused', precision: 'float32' },
  tallies,
})

/** Paints one picture and tells of every stage. null: a draft that was sketched, and is told of as a preview. */
async function paintTelling(
  dressed: Dressed,
  { jobId, isDraft, vaePath, hiresUpscaler }: EngineTask,
  given: Omit<Subject, 'open'> & { open: (leg: number) => Promise<Dressed> },
  events: Listening,
  stopwatch: Stopwatch,
  stopIfCancelled: () => void,
): Promise<Painted | null> {
  let now = dressed
  const { model, tokenizers } = dressed
  const open = async (leg: number): Promise<Dressed> => (now = await given.open(leg))
  const predictions = predictionTeller({ jobId, image: given.index, isWatched: events.isWatched }, events)
  const subject = { ...given, open, watch: predictions.watch }
  const by = subject.request.hires?.upscaler ?? 'Lanczos'
  const enlarge = enlargeBy(by, hiresUpscaler, upscalerTarget(model), stopIfCancelled)
  let pass: EngineProgress['pass'] = null
  const beforePart = (done: number, parts: number): void => {
    stopIfCancelled()
    // Between two passes it is the steps that tell where the picture stands.
    if (pass === null)
      events.progress({
        jobId,
        phase: 'decoding',
        image: subject.index,
        step: done,
        steps: parts,
        pass: null,
      })
  }
  const painting = paint(model, tokenizers, subject, stopIfCancelled, beforePart, enlarge)
  dressed.palette.previewer.begin()
  for (;;) {
    const { value, done } = await painting.next().catch(async (error: unknown) => {
      const parts = () => partsOf(now.palette, vaePath)
      throw await explainBadImage(error, { model: now.model, parts, request: subject.request })
    })
    if (done) return value
    const { previewer } = now.palette
    const { phase, step, steps, denoised, finished } = value
    pass = value.pass
    stopwatch.enter(phase)
    events.progress({ jobId, phase, image: subject.index, step, steps, pass })
    if (isDraft) {
      const sketch = finished && (await previewer.sketch(finished))
      if (!sketch) continue
      events.preview(jobId, sketch)
      return null
    }
    if (denoised) await predictions.tell(now.model, denoised)
    const preview = denoised && (await previewer.draw(denoised))
    if (preview) events.preview(jobId, preview)
  }
}

/** The networks that a picture was made with, as far as they can be looked through. */
async function partsOf({ path, model }: Palette, vaePath: string | null): Promise<Parts | null> {
  const { parts } = await readModel(path)
  return parts && vaePath !== null ? { ...parts, vae: await readSwappedVae(vaePath, model) } : parts
}

async function tokenizersFor(
  { model, tokenizers }: Palette,
  convention: SeedConvention,
): Promise<readonly Tokenizer[]> {
  const { cleaning } = promptLanguage(convention)
  const opened = tokenizers.get(cleaning) ?? (await openTokenizers(model, cleaning))
  tokenizers.set(cleaning, opened)
  return opened
}
