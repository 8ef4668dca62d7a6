import type { LookProgress } from '../../shared/calls/insideCalls.ts'
import type { EngineEvents, EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Device, ResolvedRequest } from '../../shared/request/request.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import { tryDevices } from './run/tryDevices.ts'
import type { Warn } from '../../shared/notices.ts'

/** What is looked at while a person types, scribbles or studies. It is kept nowhere, and makes way for every job. */
export interface Drafts {
  /**
   * Draws the first picture of a task. The last call wins: an earlier one, and one that finds a
   * job running, answers null. Throws what `prepare` and the engine throw.
   */
  draw(prepare: () => Promise<DraftTask>): Promise<Drawn | null>
  /** Asks the engine something else under the same rule. */
  look<Answer>(prepare: () => Promise<Look<Answer>>): Promise<Answer | null>
  isDrawing(): boolean
  /** Ends the draft that is drawn or prepared, and waits until the engine is free of it. */
  stop(): Promise<void>
  /** What the engine tells; of other tasks than drafts it is ignored. */
  readonly engineEvents: Pick<EngineEvents, 'image' | 'preview' | 'progress'>
}

export type DraftTask = Omit<EngineTask, 'jobId' | 'firstImage' | 'isDraft'>

/** What the engine is asked, on the device that was asked for or one that takes its place. */
export interface Look<Answer> {
  device: Device
  /** What asks the engine more than once calls `stopIfOvertaken` between: it throws where another call has the place. */
  ask(jobId: string, device: Device, stopIfOvertaken: () => void): Promise<Answer>
}

export interface Drawn {
  request: ResolvedRequest
  pixels: Pixels
}

interface Drawing {
  jobId: string
  overtaken: boolean
  /** Whether its progress is told. */
  isLook: boolean
  pixels: Pixels | null
  ended: Promise<void>
}

interface DraftParts {
  engine: EngineProcess
  isBusy: () => boolean
  warn: Warn
  /** How far a look has come. */
  tell: (progress: LookProgress) => void
}

export function createDrafts(parts: DraftParts): Drafts {
  const { engine } = parts
  const { current, inPlace, stop } = onePlace(parts)

  function drawn(jobId: string, pixels: Pixels): void {
    const drawing = current()
    if (drawing?.jobId === jobId) drawing.pixels = pixels
  }

  return {
    async draw(prepare) {
      const looked = await inPlace(false, async () => {
        const task = await prepare()
        const ask = async (jobId: string, device: Device): Promise<ResolvedRequest> => {
          await engine.calls.run({ ...task, device, jobId, firstImage: 0, isDraft: true })
          return task.request
        }
        return { device: task.device, ask }
      })
      return looked?.own.pixels ? { request: looked.answer, pixels: looked.own.pixels } : null
    },
    look: async (prepare) => (await inPlace(true, prepare))?.answer ?? null,
    isDrawing: () => current() !== null,
    stop,
    engineEvents: {
      preview: drawn,
      image: ({ jobId, pixels }) => drawn(jobId, pixels),
      progress({ jobId, phase, step, steps }) {
        const looking = current()
        if (looking?.isLook && looking.jobId === jobId) parts.tell({ phase, step, steps })
      },
    },
  }
}

/** Asks on a device; answers why that failed, and throws where another call has the place. */
async function attempt(own: Drawing, on: Device, ask: Look<void>['ask']): Promise<Error | null> {
  const stopIfOvertaken = (): void => {
    if (own.overtaken) throw new StudioError('cancelled', 'A newer draft was asked for.')
  }
  stopIfOvertaken()
  const failure = (await ask(own.jobId, on, stopIfOvertaken).catch((error: Error) => error)) ?? null
  if (failure && own.overtaken) throw failure
  return failure
}

/** The one place beside the queue: whoever comes last has it, and jobs have it before everybody. */
function onePlace(parts: DraftParts) {
  const { engine, isBusy } = parts
  let count = 0
  let drawing: Drawing | null = null

  async function endCurrent(): Promise<void> {
    if (!drawing) return
    drawing.overtaken = true
    void engine.calls.cancel(drawing.jobId).catch(() => {})
    await drawing.ended.catch(() => {})
  }

  function begin(isLook: boolean, device: Device, ask: Look<void>['ask']): Drawing {
    const own: Drawing = {
      jobId: `draft-${count}`,
      overtaken: false,
      isLook,
      pixels: null,
      ended: Promise.resolve(),
    }
    own.ended = tryDevices(device, parts, (on) => attempt(own, on, ask)).finally(() => {
      if (drawing === own) drawing = null
    })
    return own
  }

  /** Answers what was asked for and the place it had; null where a newer call or a job took it. */
  async function inPlace<Answer>(
    isLook: boolean,
    prepare: () => Promise<Look<Answer>>,
  ): Promise<{ answer: Answer; own: Drawing } | null> {
    const mine = ++count
    await endCurrent()
    if (mine !== count || isBusy()) return null
    const { device, ask } = await prepare()
    if (mine !== count || isBusy()) return null
    let answer!: Answer
    const own = (drawing = begin(isLook, device, async (jobId, on, stopIfOvertaken) => {
      answer = await ask(jobId, on, stopIfOvertaken)
    }))
    try {
      await own.ended
    } catch (error) {
      if (own.overtaken) return null
      throw error
    }
    return { answer, own }
  }

  /** What is prepared does not begin either. */
  function stop(): Promise<void> {
    count++
    return endCurrent()
  }

  return { current: () => drawing, inPlace, stop }
}
