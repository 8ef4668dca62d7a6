import { StudioError, type ErrorRecord } from '../../shared/errors.ts'
import type { EngineTask, Pixels } from '../../shared/engineContract.ts'
import type { ImageNeeds } from '../../shared/farm.ts'
import type { ImageRecord } from '../../shared/history.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
import { drawingTask, taskOfImage, type DrawingTask, type TaskParts } from '../jobs/drawingTask.ts'
import { imagesLeft } from '../jobs/imagesDone.ts'
import type { StoredJob } from '../jobs/jobStore.ts'
import type { Painter, Run, RunListener } from '../jobs/painter.ts'
import type { FinishedImage } from '../jobs/saveImage.ts'
import { createProgress } from '../jobs/runProgress.ts'
import type { RunParts } from '../jobs/runJob.ts'
import { alwaysMyTurn } from '../jobs/turn.ts'
import { imageName } from '../pictures/imageFiles.ts'
import type { Board, DrawnBy, FarmImage } from './board.ts'
import type { FarmQueue } from './farmQueue.ts'
import type { FarmTask } from './farmTask.ts'
import type { Shelf } from './shelf.ts'

/** What the farm needs of a library. */
export interface LibraryParts
  extends TaskParts, Pick<RunParts, 'adoptPictures' | 'keepPreview' | 'saveImage' | 'pastTimes'> {
  /** The sha256 of a file. */
  fileHash(file: string): Promise<string>
  /** What a task takes at its worst moment; null: not known. */
  memoryOf(task: EngineTask): Promise<number | null>
}

export interface FarmPainterParts {
  board: Board
  queue: FarmQueue
  shelf: Shelf
  atOnce: () => number
}

/** A farm as who draws the jobs of a library, image by image. */
export const createFarmPainter = (library: LibraryParts, farm: FarmPainterParts): Painter => ({
  atOnce: farm.atOnce,
  turn: alwaysMyTurn,
  drawsHere: false,
  run: (job, listener) => runOnFarm(job, listener, library, farm),
})

function runOnFarm(
  job: StoredJob,
  listener: RunListener,
  library: LibraryParts,
  { board, queue, shelf }: FarmPainterParts,
): Run {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const progress = createFarmProgress(job, listener, library)
  const open = new Map<string, FarmImage>()
  let isStopped = false

  function leave(id: string): void {
    open.delete(id)
    board.remove(id)
    if (open.size > 0) return
    if (isStopped) reject(cancelled())
    else resolve()
  }

  /** Gives up all images at once; what workers bring of them later is not taken. */
  function giveUp(why: Error): void {
    isStopped = true
    reject(why)
    for (const id of [...open.keys()]) {
      void queue.takeBack(id)
      board.remove(id)
    }
    open.clear()
  }

  function stop(): void {
    isStopped = true
    progress.report({ stopping: true })
    for (const id of [...open.keys()]) {
      void queue.takeBack(id)
      if (!board.find(id)?.worker) leave(id)
    }
    if (open.size === 0) reject(cancelled())
  }

  async function begin(): Promise<void> {
    for (const image of await library.adoptPictures(job)) listener.saved(image)
    job.imagesAhead ??= []
    if (imagesLeft(job).length === 0) return resolve()
    progress.report({ image: done(job) })
    const { model, task } = await drawingTask(job, library)
    const needs = await needsOf(job, task, library, shelf)
    if (isStopped) return
    const images = imagesLeft(job).map((index): FarmImage => {
      const id = imageName(job, index)
      const save = async (image: FinishedImage, facts: DrawnBy): Promise<void> => {
        if (!open.has(id)) throw gone(id)
        await keep(job, image, { model, ...facts }, library, listener)
        progress.report({ image: done(job) })
        leave(id)
      }
      return {
        ...{ id, jobId: job.id, index, library, needs, save },
        task: () => portable(job, index, task, library, shelf),
        isStopped: () => isStopped,
        told: progress.told,
        failed: (reason: ErrorRecord) => giveUp(new StudioError(reason.code, reason.message)),
        letGo: () => leave(id),
      }
    })
    for (const image of images) open.set(image.id, image)
    // A dead letter of an earlier run would keep its image out.
    await Promise.all(images.map(({ id }) => queue.takeBack(id)))
    board.post([...open.values()])
  }

  void begin().catch(giveUp)
  return { ended, cancel: stop, pause: stop, kill: () => giveUp(cancelled()) }
}

/** Keeps a picture, and has it shown. */
async function keep(
  job: StoredJob,
  image: FinishedImage,
  facts: DrawnBy & { model: ImageRecord['model'] },
  { saveImage }: LibraryParts,
  listener: RunListener,
): Promise<void> {
  listener.saved(await saveImage(job, image, facts))
}

/** Where a job stands whose images are drawn side by side: as the one that has come furthest. */
function createFarmProgress(job: StoredJob, listener: RunListener, library: LibraryParts) {
  const keepPreview = (pixels: Pixels): Promise<string> => library.keepPreview(job.id, pixels)
  const { report, preview } = createProgress(job, listener.progress, keepPreview, null)
  const began = performance.now()
  const doneBefore = done(job)
  return {
    report,
    told({ phase, step, steps, pass }: Parameters<FarmImage['told']>[0], pixels: Pixels | null): void {
      const drawn = done(job) - doneBefore
      const left = job.request.batchSize - done(job)
      const etaMs = drawn > 0 ? Math.round(((performance.now() - began) / drawn) * left) : null
      report({ phase, step, steps, pass, etaMs })
      if (pixels) preview(pixels)
    },
  }
}

const done = (job: StoredJob): number => job.request.batchSize - imagesLeft(job).length

/** The task of an image with files and pictures by their hashes. */
async function portable(
  job: StoredJob,
  index: number,
  task: DrawingTask,
  library: LibraryParts,
  shelf: Shelf,
): Promise<FarmTask> {
  return shelf.lay(await taskOfImage(job, index, task, library), library.fileHash)
}

async function needsOf(
  job: StoredJob,
  task: DrawingTask,
  library: LibraryParts,
  shelf: Shelf,
): Promise<ImageNeeds> {
  const { request } = job
  await refuseScattered(request, task.modelPath, library)
  const first = await taskOfImage(job, imagesLeft(job)[0], task, library)
  const { files } = await shelf.tree(task.modelPath, library.fileHash)
  const largest = files.toSorted((one, other) => other.bytes - one.bytes)[0]
  return {
    device: request.device,
    memoryBytes: await library.memoryOf(first).catch(() => null),
    model: largest.sha256,
    modelBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    work: (request.steps * request.width * request.height) / 2 ** 18,
  }
}

/** Throws `unsupported-model` for a model whose parts the engine looks for in the folders around it. */
async function refuseScattered(
  { model }: ResolvedRequest,
  path: string,
  { models }: LibraryParts,
): Promise<void> {
  const { info } = await models.find(path)
  if (info?.network !== 'transformer' || !/\.(safetensors|sft|gguf)$/i.test(path)) return
  const message = `${model} takes its text encoder and autoencoder from folders beside it, which cannot be sent to a farm. Use it as a folder in the layout of diffusers, or draw without the farm.`
  throw new StudioError('unsupported-model', message)
}

const cancelled = (): StudioError => new StudioError('cancelled', 'The job was stopped.')
const gone = (id: string): StudioError => new StudioError('not-found', `Nobody waits for ${id} any more.`)
