import { createHash } from 'node:crypto'
import type {
  EngineImage,
  EngineProgress,
  EngineTask,
  Pixels,
} from '../../../shared/engine/engineContract.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { EngineProcess } from '../../engine/engineProcess.ts'
import { tryDevices } from '../../jobs/run/tryDevices.ts'
import { translated, type FarmPixels, type FarmTask } from '../farmTask.ts'
import type { FileStore } from './fileStore.ts'
import type { StudioLink } from './studioLink.ts'
import type { Warn } from '../../../shared/notices.ts'

/** What a worker's engine tells is heard by the image that it draws. */
export interface Drawing {
  progress(progress: EngineProgress): void
  preview(pixels: Pixels): void
  image(image: EngineImage): void
}

export interface DrawParts {
  engine: EngineProcess
  files: FileStore
  studio: StudioLink
  warn: Warn
  /** Makes one hear the engine; null: nobody does. */
  hear: (drawing: Drawing | null) => void
}

/** Draws the one image of a task. Throws what the engine and the fetching of its files throw; `cancelled` once `signal` says so. */
export async function drawImage(
  { task: asked, paths }: FarmTask,
  parts: DrawParts,
  { told, signal }: { told: Pick<Drawing, 'progress' | 'preview'>; signal: AbortSignal },
): Promise<EngineImage> {
  const { engine, files, studio, hear, warn } = parts
  const task: EngineTask = await translated(
    asked,
    (id) => files.open(paths[id]),
    (picture) => fetchPixels(picture, studio),
  )
  const drawn: EngineImage[] = []
  const cancel = (): void => void engine.calls.cancel(task.jobId).catch(() => {})
  signal.addEventListener('abort', cancel)
  hear({ ...told, image: (image) => void drawn.push(image) })
  try {
    await tryDevices(task.request.device, { engine, warn }, async (device) => {
      if (signal.aborted) throw new StudioError('cancelled', 'The image was stopped.')
      drawn.length = 0
      const failure = await engine.calls.run({ ...task, device }).then(
        () => null,
        (error: Error) => error,
      )
      if (failure && signal.aborted) throw failure
      return failure
    })
  } finally {
    hear(null)
    signal.removeEventListener('abort', cancel)
  }
  if (drawn.length === 1) return drawn[0]
  throw new StudioError('internal', `The engine drew ${drawn.length} pictures instead of one.`)
}

async function fetchPixels({ width, height, sha256 }: FarmPixels, studio: StudioLink): Promise<Pixels> {
  const data = await studio.bytes(`/farm/pixels/${sha256}`)
  if (createHash('sha256').update(data).digest('hex') === sha256) return { width, height, data }
  throw new StudioError('bad-download', 'A picture to start from arrived damaged: its sha256 is another one.')
}
