import type { EngineCalls, EngineEvents, EngineTask } from '../../shared/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { UnetLook } from '../graph/unet/look.ts'
import type { Model } from '../model/model.ts'
import type { Stage } from '../pipeline.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import { attentionOf, mapSizes, pixelsOf } from './attention.ts'
import { blocksAlone, unetOf } from './unetBlocks.ts'
import { unetDrawing } from './unetDrawing.ts'
import { dialsOf, runTurned, unetLook } from './unetRun.ts'

/** What a task runs with: its model in its clothes, in as much memory as there is for a look, and its tokenizers. */
export type Ready = (
  task: EngineTask,
  look: UnetLook,
) => Promise<{ model: Model; tokenizers: readonly Tokenizer[] }>

type Alone = <T>(jobId: string, work: (stopIfCancelled: () => void) => Promise<T>) => Promise<T>

/** The calls that look inside a U-Net. */
export const insideCalls = (
  alone: Alone,
  ready: Ready,
  events: Pick<EngineEvents, 'progress'>,
): Pick<EngineCalls, 'attention' | 'unetDrawing' | 'unetRun'> => ({
  attention: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const wanted = mapSizes((await unetOf(task)).blocks)
      const tell = teller(task, events)
      const looked = await withFewer(wanted.length, async (leftOut) => {
        const sizes = wanted.slice(leftOut)
        const { model, tokenizers } = await ready(task, {
          ...blocksAlone,
          attentionPixels: pixelsOf(sizes[0]),
        })
        return attentionOf(model, tokenizers, task, { sizes, stopIfCancelled, tell })
      })
      return { ...looked, reduced: looked.sizes.length < wanted.length }
    }),
  unetDrawing: (task) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const seen = await unetOf(task)
      const { model } = await ready(task, blocksAlone)
      return unetDrawing(model, seen, task, stopIfCancelled)
    }),
  unetRun: (task, { dials, block }) =>
    alone(task.jobId, async (stopIfCancelled) => {
      const { blocks } = await unetOf(task)
      const look = unetLook(block, blocks)
      const turned = dialsOf(dials, blocks)
      const { model, tokenizers } = await ready(task, look)
      const tell = teller(task, events)
      return runTurned(model, tokenizers, task, { look, blocks, dials: turned, stopIfCancelled, tell })
    }),
})

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
