import type { ImageRecord } from '../../../shared/library/history.ts'
import type {
  EngineEvents,
  EngineImage,
  EngineTask,
  Evaluation,
  Pixels,
} from '../../../shared/engine/engineContract.ts'
import { StudioError, toErrorRecord } from '../../../shared/errors.ts'
import type { TaskFiles } from '../../adapters/requestFiles.ts'
import { stretchesOf, upTo } from '../../adapters/stretches.ts'
import type { EngineProcess } from '../../engine/engineProcess.ts'
import { drawingTask, type TaskParts } from './drawingTask.ts'
import type { EvaluationFiles } from './evaluationFiles.ts'
import { storageError } from '../../history/database/storageErrors.ts'
import { encodePng } from '../../pictures/images.ts'
import type { StoredJob } from '../queue/jobStore.ts'
import { imagesLeft } from '../queue/imagesDone.ts'
import type { Run, RunListener } from './painter.ts'
import type { FinishedImage } from './saveImage.ts'
import type { PastTimes } from '../times/pastTimes.ts'
import { createProgress } from './runProgress.ts'
import { tryDevices } from './tryDevices.ts'
import { prepareEditing } from './editJob.ts'
import { prepareUpscaling } from './upscaleJob.ts'
import { saying } from '../../../shared/notices.ts'

/** What is known of an image beside its pixels and its request. */
export interface RunFacts {
  model: ImageRecord['model']
  engineVersion: string
  onnxRuntimeVersion: string
  /** Name of the farm's worker that drew it; left out: it was drawn here. */
  worker?: string
}

export interface RunParts extends TaskParts {
  engine: EngineProcess
  /** Ends what the engine does beside the queue, and waits for that. */
  engineFree(): Promise<void>
  /** The model of a picture in the history; null where that is gone. */
  modelOfImage(imageId: string): ImageRecord['model'] | null
  /** Writes the picture, then its row together with the job's count of images. */
  saveImage(job: StoredJob, image: FinishedImage, facts: RunFacts): Promise<ImageRecord>
  /** Gives rows to pictures of the job that have none; it goes on after those. */
  adoptPictures(job: StoredJob): Promise<ImageRecord[]>
  evaluations: EvaluationFiles
  pastTimes: PastTimes
  /** Keeps a preview and answers its URL. */
  keepPreview(jobId: string, pixels: Pixels): Promise<string>
}

/** A job that the own engine runs: hand it the engine's events. */
export interface EngineRun extends Omit<Run, 'kill'> {
  readonly events: Omit<EngineEvents, 'predictions' | 'raceGuess'>
}

/** Runs a job from its first image that is not saved yet to its last. */
export function runJob(job: StoredJob, parts: RunParts, listener: RunListener): EngineRun {
  const { request, id: jobId } = job
  let isCancelled = false
  let goesOn = false
  const stopEngine = (): void => void parts.engine.calls.cancel(jobId).catch(() => {})
  const keep = (pixels: Pixels): Promise<string> => parts.keepPreview(jobId, pixels)
  const progress = createProgress(job, listener.progress, keep, parts.pastTimes.expected(request))
  let saver: Saver | null = null

  function stop(): void {
    isCancelled = true
    progress.report({ stopping: true })
    stopEngine()
  }

  async function run(): Promise<void> {
    for (const image of await parts.adoptPictures(job)) listener.saved(image)
    if (imagesLeft(job).length === 0) return
    progress.report({ image: job.imagesDone })
    await parts.engineFree()
    const prepare = preparing(request)
    const [versions, { model, work }] = await Promise.all([
      parts.engine.calls.versions(),
      prepare(job, parts),
    ])
    const facts = { model, engineVersion: versions.engine, onnxRuntimeVersion: versions.onnxRuntime }
    let attempts = 0
    const { save, saved } = (saver = createSaver(
      async (image) => listener.saved(await parts.saveImage(job, await encoded(image), facts)),
      stopEngine,
    ))
    await tryDevices(request.device, parts, async (device) => {
      if (isCancelled) throw new StudioError('cancelled', 'The job was cancelled.')
      // What led to a failure is not to lead there again.
      if (attempts++ > 0) await parts.evaluations.forget(jobId)
      const circumstances = { request, device, ...facts }
      const known = (image: number) => parts.evaluations.open({ jobId, image, circumstances })
      const failure = (await work(device, known, save).catch((error: Error) => error)) ?? null
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
      evaluated: (of, ...answer) => of === jobId && parts.evaluations.add(of, ...answer),
      warning: parts.warn,
    },
    ended: run().finally(() => (goesOn ? keepUnfinished(parts) : parts.evaluations.forget(jobId))),
    cancel() {
      goesOn = false
      stop()
    },
    pause() {
      goesOn = true
      stop()
    },
  }
}

async function keepUnfinished({ evaluations, warn }: RunParts): Promise<void> {
  await evaluations.flush().catch((error: unknown) => {
    const reason = toErrorRecord(storageError(error, 'The unfinished picture'))
    warn(saying('unfinishedLost', { reason }))
  })
}

/** Answers the evaluations that are known of an image. */
type Known = (image: number) => Promise<Evaluation[]>

/** Runs the images that have the same adapters in one task each; answers why one failed. */
async function runStretches(
  job: StoredJob,
  { engine, requestFiles }: RunParts,
  known: Known,
  task: Omit<EngineTask, 'request' | 'firstImage' | keyof TaskFiles>,
): Promise<Error | null> {
  const { request } = job
  for (const stretch of stretchesOf(imagesLeft(job), request)) {
    const worn = await requestFiles.forTask(request, stretch.adapters)
    const run = engine.calls.run(
      { ...task, ...worn, firstImage: stretch.first, request: upTo(stretch.end, request) },
      await known(stretch.first),
    )
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
  /** @param made hears of pictures that are not the engine's, which tells of its own. */
  work(device: EngineImage['device'], known: Known, made: (image: EngineImage) => void): Promise<void>
}

function preparing({ editOf, upscaleOf }: StoredJob['request']) {
  if (editOf) return prepareEditing
  return upscaleOf ? prepareUpscaling : prepareDrawing
}

async function prepareDrawing(job: StoredJob, parts: RunParts): Promise<Prepared> {
  const { model, task } = await drawingTask(job, parts)
  return {
    model,
    async work(device, known) {
      const failure = await runStretches(job, parts, known, { ...task, device })
      if (failure) throw failure
    },
  }
}

const encoded = async ({ pixels, ...image }: EngineImage): Promise<FinishedImage> => ({
  ...image,
  width: pixels.width,
  height: pixels.height,
  png: await encodePng(pixels),
})

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
