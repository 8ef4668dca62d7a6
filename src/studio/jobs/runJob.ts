import type { Progress } from '../../shared/jobs.ts'
import type { ImageRecord } from '../../shared/history.ts'
import type {
  EngineEvents,
  EngineImage,
  EngineProgress,
  EngineTask,
  Pixels,
} from '../../shared/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
import type { RequestFiles, TaskFiles } from '../adapters/requestFiles.ts'
import { stretchesFrom, upTo } from '../adapters/stretches.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import { earlierLegs } from './earlierLegs.ts'
import { createEta } from './eta.ts'
import type { Inputs } from '../pictures/inputs.ts'
import type { StoredJob } from './jobStore.ts'
import type { ModelLibrary } from '../models/modelLibrary.ts'
import { openableModel } from '../models/openableModel.ts'
import { tryDevices } from './tryDevices.ts'
import { prepareUpscaling } from './upscaleJob.ts'
import { findUpscalers, type UpscalerFiles } from '../models/upscalerFiles.ts'

/** What a run reports while it goes on. */
export interface RunListener {
  progress(progress: Progress): void
  /** A finished image was saved: its row stands. */
  saved(image: ImageRecord): void
}

/** What is known of an image beside its pixels and its request. */
export interface RunFacts {
  model: ImageRecord['model']
  engineVersion: string
  onnxRuntimeVersion: string
}

export interface RunParts {
  engine: EngineProcess
  /** Ends what the engine does beside the queue, and waits for that. */
  engineFree(): Promise<void>
  models: ModelLibrary
  upscalers: UpscalerFiles
  inputs: Inputs
  requestFiles: RequestFiles
  /** The model of a picture in the history; null where that is gone. */
  modelOfImage(imageId: string): ImageRecord['model'] | null
  modelHash(path: string): Promise<string>
  /** The model of that id, wherever it lies now; see `findModelOfJob`. */
  findModel(id: string): Promise<{ id: string; said: string | null }>
  /** Writes the picture, then its row together with the job's count of images. */
  saveImage(job: StoredJob, image: EngineImage, facts: RunFacts): Promise<ImageRecord>
  /** Gives rows to pictures of the job that have none; it goes on after those. */
  adoptPictures(job: StoredJob): Promise<ImageRecord[]>
  /** Keeps a preview and answers its URL. */
  keepPreview(jobId: string, pixels: Pixels): Promise<string>
  /** Tells the person what was done without them. */
  warn(message: string): void
}

/** A job being run: hand it the engine's events, and wait for `ended`, which rejects when it fails. */
export interface Run {
  readonly events: EngineEvents
  readonly ended: Promise<void>
  /** Asks for the end at the next evaluation. */
  cancel(): void
}

/** Runs a job from its first image that is not saved yet to its last. */
export function runJob(job: StoredJob, parts: RunParts, listener: RunListener): Run {
  const { request, id: jobId } = job
  let isCancelled = false
  const stopEngine = (): void => void parts.engine.calls.cancel(jobId).catch(() => {})
  const progress = createProgress(job, listener, (pixels) => parts.keepPreview(jobId, pixels))
  let saver: Saver | null = null

  async function run(): Promise<void> {
    for (const image of await parts.adoptPictures(job)) listener.saved(image)
    if (job.imagesDone >= request.batchSize) return
    progress.report({ image: job.imagesDone })
    await parts.engineFree()
    const prepare = request.upscaleOf ? prepareUpscaling : prepareDrawing
    const [versions, { model, work }] = await Promise.all([
      parts.engine.calls.versions(),
      prepare(job, parts),
    ])
    const facts = { model, engineVersion: versions.engine, onnxRuntimeVersion: versions.onnxRuntime }
    const { saved } = (saver = createSaver(
      async (image) => listener.saved(await parts.saveImage(job, image, facts)),
      stopEngine,
    ))
    await tryDevices(request.device, parts, async (device) => {
      if (isCancelled) throw new StudioError('cancelled', 'The job was cancelled.')
      const failure = (await work(device).catch((error: Error) => error)) ?? null
      if (!failure) progress.report({ phase: 'saving', etaMs: 0 })
      // When a save failed, that is why the engine was stopped.
      await saved()
      if (failure && isCancelled) throw failure
      return failure
    })
  }

  return {
    events: {
      progress: (told) => told.jobId === jobId && progress.engineTold(told),
      preview: (of, pixels) => of === jobId && progress.preview(pixels),
      image: (image) => image.jobId === jobId && saver?.save(image),
      warning: parts.warn,
    },
    ended: run(),
    cancel() {
      isCancelled = true
      progress.report({ stopping: true })
      stopEngine()
    },
  }
}

/** Runs the images that have the same adapters in one task each; answers why one failed. */
async function runStretches(
  { request, imagesDone }: StoredJob,
  { engine, requestFiles }: RunParts,
  task: Omit<EngineTask, 'request' | 'firstImage' | keyof TaskFiles>,
): Promise<Error | null> {
  for (const stretch of stretchesFrom(imagesDone, request)) {
    const worn = await requestFiles.forTask(request, stretch.adapters)
    const run = engine.calls.run({
      ...task,
      ...worn,
      firstImage: stretch.first,
      request: upTo(stretch.end, request),
    })
    const failure = await run.then(
      () => null,
      (error: Error) => error,
    )
    if (failure) return failure
  }
  return null
}

/** What a job is to do, once it is known on which device. */
export interface Prepared {
  /** As which the pictures are kept. */
  model: ImageRecord['model']
  work(device: EngineImage['device']): Promise<void>
}

async function prepareDrawing(job: StoredJob, parts: RunParts): Promise<Prepared> {
  const { id: jobId, request } = job
  const now = await parts.findModel(request.model)
  if (now.said) parts.warn(now.said)
  const { path: modelPath, id, name } = await openableModel(parts.models, now.id)
  const [hash, start, before, { paths }] = await Promise.all([
    parts.modelHash(modelPath),
    readStart(request, parts.inputs),
    earlierLegs(request, parts),
    findUpscalers(request, parts.upscalers),
  ])
  const task = { jobId, modelPath, before, isDraft: false, ...start, ...paths }
  return {
    model: { id, name, hash },
    async work(device) {
      const failure = await runStretches(job, parts, { ...task, device })
      if (failure) throw failure
    },
  }
}

/** Puts together what is told of a run: where it stands, how long the rest takes, the newest preview. */
function createProgress(job: StoredJob, listener: RunListener, keep: (pixels: Pixels) => Promise<string>) {
  const { batchSize, steps } = job.request
  const eta = createEta(batchSize)
  let isKeeping = false
  let progress: Progress = {
    phase: 'starting',
    image: job.imagesDone,
    images: batchSize,
    step: 0,
    steps,
    pass: null,
    etaMs: null,
    previewUrl: null,
    stopping: false,
  }
  function report(change: Partial<Progress>): void {
    progress = { ...progress, ...change }
    listener.progress(progress)
  }
  return {
    report,
    engineTold(told: EngineProgress): void {
      const { jobId: _jobId, ...where } = told
      report({ ...where, etaMs: eta(told) })
    },
    preview(pixels: Pixels): void {
      // A preview that comes while the last one is still being written is not worth the wait.
      if (isKeeping) return
      isKeeping = true
      keep(pixels)
        .then((previewUrl) => report({ previewUrl }))
        .catch(() => {})
        .finally(() => (isKeeping = false))
    },
  }
}

interface Saver {
  save(image: EngineImage): void
  /** Waits for all that came; throws what went wrong first. */
  saved(): Promise<void>
}

/** Saves images one after the other as they come; the first failure ends it. */
function createSaver(save: (image: EngineImage) => Promise<void>, stop: () => void): Saver {
  let saves = Promise.resolve()
  return {
    save(image) {
      saves = saves.then(() => save(image))
      saves.catch(stop)
    },
    saved: () => saves,
  }
}

/** The picture to start from and its mask, both brought to the size of the request the same way. */
export async function readStart({ initImage, mask, width, height }: ResolvedRequest, inputs: Inputs) {
  if (!initImage) return { initImage: null, mask: null }
  const read = ({ id }: { id: string }): Promise<Pixels> =>
    inputs.pixels(id, width, height, initImage.resizeMode)
  return { initImage: await read(initImage), mask: mask && (await read(mask)) }
}
