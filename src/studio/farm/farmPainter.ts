import { randomUUID } from 'node:crypto'
import { StudioError } from '../../shared/errors.ts'
import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import type { ImageNeeds } from '../../shared/queue/farm.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { drawingTask, taskOfImage, type DrawingTask, type TaskParts } from '../jobs/run/drawingTask.ts'
import { imagesLeft } from '../jobs/queue/imagesDone.ts'
import type { StoredJob } from '../jobs/queue/jobStore.ts'
import type { Painter, Run, RunListener } from '../jobs/run/painter.ts'
import { createProgress } from '../jobs/run/runProgress.ts'
import type { RunParts } from '../jobs/run/runJob.ts'
import { alwaysMyTurn } from '../jobs/queue/turn.ts'
import { imageName } from '../pictures/imageFiles.ts'
import type { Board, FarmImage } from './board.ts'
import { briefly } from './briefly.ts'
import type { FarmQueue } from './farmQueue.ts'
import type { FarmPath, FarmTask } from './farmTask.ts'
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

/** How long the files of a model are not looked at again, in ms: a worker checks the bytes that it fetches. */
const sameFilesMs = 2000

/** What jobs and images ask again and again of the same models, asked once in a while. */
interface RememberedParts extends LibraryParts {
  id: string
  /** The files that the engine may read when it opens a path. */
  treeOf(path: string): Promise<FarmPath>
}

const remembering = (library: LibraryParts, shelf: Shelf): RememberedParts => ({
  ...library,
  id: randomUUID(),
  models: { ...library.models, find: briefly(sameFilesMs, library.models.find) },
  findModel: briefly(sameFilesMs, library.findModel),
  modelHash: briefly(sameFilesMs, library.modelHash),
  treeOf: briefly(sameFilesMs, (path) => shelf.tree(path, library.fileHash)),
})

/** A farm as who draws the jobs of a library, image by image. */
export function createFarmPainter(library: LibraryParts, farm: FarmPainterParts): Painter {
  const remembered = remembering(library, farm.shelf)
  return {
    atOnce: farm.atOnce,
    turn: alwaysMyTurn,
    drawsHere: false,
    run: (job, listener) => runOnFarm(job, listener, remembered, farm),
  }
}

/** The images of a run that are out, and its end once they are back. */
function createOuting({ board, queue }: FarmPainterParts) {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const out = new Set<string>()
  let isStopped = false

  function leave(id: string): void {
    out.delete(id)
    board.remove(id)
    if (out.size > 0) return
    if (isStopped) reject(cancelled())
    else resolve()
  }

  return {
    ended,
    isStopped: () => isStopped,
    leave,
    end: resolve,
    post(images: readonly FarmImage[]): void {
      for (const { id } of images) out.add(id)
      board.post(images)
    },
    /** Gives up all images at once; what workers bring of them later is not taken. */
    giveUp(why: Error): void {
      isStopped = true
      reject(why)
      for (const id of out) {
        void queue.takeBack(id)
        board.remove(id)
      }
      out.clear()
    },
    /** What was given up stays in Redis, as a dead letter. */
    withoutTakingBack(id: string): void {
      out.delete(id)
      board.remove(id)
    },
    /** Takes back what no worker has, and tells the workers of the others to stop. */
    stop(): void {
      isStopped = true
      for (const id of [...out]) {
        void queue.takeBack(id)
        if (!board.find(id)?.worker) leave(id)
      }
      if (out.size === 0) reject(cancelled())
    },
  }
}

function runOnFarm(
  job: StoredJob,
  listener: RunListener,
  library: RememberedParts,
  farm: FarmPainterParts,
): Run {
  const { queue, shelf } = farm
  const progress = createFarmProgress(job, listener, library)
  const outing = createOuting(farm)
  const { isStopped, leave, giveUp } = outing

  function stop(): void {
    progress.report({ stopping: true })
    outing.stop()
  }

  async function begin(): Promise<void> {
    for (const image of await library.adoptPictures(job)) listener.saved(image)
    job.imagesAhead ??= []
    const left = imagesLeft(job)
    if (left.length === 0) return outing.end()
    progress.report({ image: done(job) })
    const { model, task } = await drawingTask(job, library)
    const needs = await needsOf(job, task, library)
    const ids = left.map((index) => imageName(job, index))
    // A dead letter of an earlier run would keep its image out.
    await Promise.all(ids.map(queue.takeBack))
    if (isStopped()) return
    outing.post(left.map((index) => ({ ...imageOf(index, model), needs, task: () => lay(index, task) })))
  }

  const lay = async (index: number, task: DrawingTask): Promise<FarmTask> =>
    shelf.lay(await taskOfImage(job, index, task, library), library.treeOf)

  function imageOf(index: number, model: ImageRecord['model']): Omit<FarmImage, 'needs' | 'task'> {
    const id = imageName(job, index)
    return {
      ...{ id, jobId: job.id, index, whose: `${library.id} ${job.asker?.id}`, told: progress.told },
      isStopped,
      failed({ code, message }) {
        outing.withoutTakingBack(id)
        giveUp(new StudioError(code, message))
      },
      letGo: () => leave(id),
      async save(image, facts) {
        listener.saved(await library.saveImage(job, image, { model, ...facts }))
        progress.report({ image: done(job) })
        leave(id)
      },
    }
  }

  void begin().catch(giveUp)
  return { ended: outing.ended, cancel: stop, pause: stop, kill: () => giveUp(cancelled()) }
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

async function needsOf(job: StoredJob, task: DrawingTask, library: RememberedParts): Promise<ImageNeeds> {
  const { request } = job
  await refuseScattered(request, task.modelPath, library)
  const first = await taskOfImage(job, imagesLeft(job)[0], task, library)
  const { files } = await library.treeOf(task.modelPath)
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
