import { isDeepStrictEqual } from 'node:util'
import type { EngineCalls, EngineEvents, EngineTask } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { MapSize } from '../../shared/calls/insideCalls.ts'
import type { UnetLook } from '../graph/unet/look.ts'
import type { Stage } from '../pipeline.ts'
import type { Opened } from '../predictions.ts'
import { attentionOf, mapSizes, pixelsOf } from './attention.ts'
import { blocksAlone, unetOf } from './unetBlocks.ts'
import { unetDrawing } from './unetDrawing.ts'
import { dialsOf, runTurned, unetLook } from './unetRun.ts'

/**
 * What a leg of a task runs with: its model in its clothes, in as much memory as there is for a look at its U-Net, and its
 * tokenizers.
 */
export type Ready = (task: EngineTask, leg: number, look?: UnetLook) => Promise<Opened>

type Alone = <T>(jobId: string, work: (stopIfCancelled: () => void) => Promise<T>) => Promise<T>

/** The calls that look inside a U-Net. */
export const insideCalls = (
  alone: Alone,
  ready: Ready,
  events: Pick<EngineEvents, 'progress'>,
): Pick<EngineCalls, 'attention' | 'unetDrawing' | 'unetRun'> => ({
  attention: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const wanted = await sharedSizes(task)
      const tell = teller(task, events)
      const looked = await withFewer(wanted.length, (leftOut) => {
        const sizes = wanted.slice(leftOut)
        const look = { ...blocksAlone, attentionPixels: pixelsOf(sizes[0]) }
        return attentionOf((leg) => ready(task, leg, look), task, { sizes, stopIfCancelled, tell })
      })
      return { ...looked, reduced: looked.sizes.length < wanted.length }
    }),
  unetDrawing: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const seen = await unetOf(task)
      const { model } = await ready(task, lastLeg(task), blocksAlone)
      return unetDrawing(model, seen, task, stopIfCancelled)
    }),
  unetRun: (task, { dials, block }) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const { blocks } = await unetOf(task)
      const look = unetLook(block, blocks)
      const turned = dialsOf(dials, blocks)
      const isTurned = (leg: number): boolean => modelOf(task, leg) === task.modelPath
      const open = (leg: number): Promise<Opened> => ready(task, leg, isTurned(leg) ? look : undefined)
      const tell = teller(task, events)
      return runTurned(open, task, { look, blocks, dials: turned, isTurned, stopIfCancelled, tell })
    }),
})

/** Of a branch; all others have but one. */
const lastLeg = ({ before = [] }: EngineTask): number => before.length

const modelOf = (task: EngineTask, leg: number): string => (task.before?.[leg] ?? task).modelPath

/** The sizes of maps that the models of all legs have, the finest first. Throws `unsupported-model` where there are none. */
async function sharedSizes(task: EngineTask): Promise<MapSize[]> {
  const legs = Array.from({ length: lastLeg(task) + 1 }, (_, leg) => modelOf(task, leg))
  const models = [...new Set(legs)].map(async (modelPath) =>
    mapSizes((await unetOf({ ...task, modelPath })).blocks),
  )
  const [first, ...others] = await Promise.all(models)
  const shared = first.filter((size) =>
    others.every((sizes) => sizes.some((other) => isDeepStrictEqual(size, other))),
  )
  if (shared.length > 0) return shared
  const message =
    'The models of this branch look at words in pictures of different sizes, so there is no mean over its steps.'
  throw new StudioError('unsupported-model', message)
}

/** Tries with nothing left out, then with one more every time that memory runs out. */
async function withFewer<Answer>(
  most: number,
  attempt: (leftOut: number) => Promise<Answer>,
): Promise<Answer> {
  for (let leftOut = 0; ; leftOut++)
    try {
      return await attempt(leftOut)
    } catch (error) {
      const isMemory = error instanceof StudioError && error.code === 'out-of-memory'
      if (!isMemory || leftOut + 1 === most) throw error
    }
}

/** Tells of a look's stages as its progress. */
export const teller =
  ({ jobId }: EngineTask, events: Pick<EngineEvents, 'progress'>) =>
  ({ phase, step, steps, pass }: Stage): void =>
    events.progress({ jobId, phase, image: 0, step, steps, pass })
