import type { EngineEvents, EngineTask, Pixels } from '../../shared/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import { tryDevices } from './tryDevices.ts'

/** Pictures to look at while a person types or scribbles. They are kept nowhere, and make way for every job. */
export interface Drafts {
  /**
   * Draws the first picture of a task. The last call wins: an earlier one, and one that finds a
   * job running, answers null. Throws what `prepare` and the engine throw.
   */
  draw(prepare: () => Promise<DraftTask>): Promise<Drawn | null>
  isDrawing(): boolean
  /** Ends the draft being drawn and waits until the engine is free of it. */
  stop(): Promise<void>
  /** What the engine tells; of other tasks than drafts it is ignored. */
  readonly engineEvents: Pick<EngineEvents, 'image' | 'preview'>
}

export type DraftTask = Omit<EngineTask, 'jobId' | 'firstImage' | 'isDraft'>

export interface Drawn {
  request: ResolvedRequest
  pixels: Pixels
}

interface Drawing {
  jobId: string
  overtaken: boolean
  pixels: Pixels | null
  ended: Promise<void>
}

export function createDrafts(options: {
  engine: EngineProcess
  isBusy: () => boolean
  warn: (message: string) => void
}): Drafts {
  const { engine, isBusy } = options
  let count = 0
  let drawing: Drawing | null = null

  async function stop(): Promise<void> {
    if (!drawing) return
    drawing.overtaken = true
    void engine.calls.cancel(drawing.jobId).catch(() => {})
    await drawing.ended.catch(() => {})
  }

  function begin(task: DraftTask): Drawing {
    const own: Drawing = {
      jobId: `draft-${count}`,
      overtaken: false,
      pixels: null,
      ended: Promise.resolve(),
    }
    const attempt = async (device: EngineTask['device']): Promise<Error | null> => {
      if (own.overtaken) throw new StudioError('cancelled', 'A newer draft was asked for.')
      const run = engine.calls.run({ ...task, device, jobId: own.jobId, firstImage: 0, isDraft: true })
      const failure = (await run.catch((error: Error) => error)) ?? null
      if (failure && own.overtaken) throw failure
      return failure
    }
    own.ended = tryDevices(task.device, options, attempt).finally(() => {
      if (drawing === own) drawing = null
    })
    return own
  }

  function drawn(jobId: string, pixels: Pixels): void {
    if (drawing?.jobId === jobId) drawing.pixels = pixels
  }

  return {
    async draw(prepare) {
      const mine = ++count
      await stop()
      if (mine !== count || isBusy()) return null
      const task = await prepare()
      if (mine !== count || isBusy()) return null
      const own = (drawing = begin(task))
      try {
        await own.ended
      } catch (error) {
        if (own.overtaken) return null
        throw error
      }
      return own.pixels && { request: task.request, pixels: own.pixels }
    },
    isDrawing: () => drawing !== null,
    stop,
    engineEvents: {
      preview: drawn,
      image: ({ jobId, pixels }) => drawn(jobId, pixels),
    },
  }
}
