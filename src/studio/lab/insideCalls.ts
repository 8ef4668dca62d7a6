import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { EngineTask, Pixels } from '../../shared/engine/engineContract.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import type { Drafts, Look } from '../jobs/drafts.ts'
import { float16s } from './packNumbers.ts'
import { taskOfPicture, type PictureParts } from './taskOfPicture.ts'

interface Parts extends PictureParts {
  drafts: Drafts
  engine: EngineProcess
  keepPreview(id: string, pixels: Pixels): Promise<string>
}

/** The calls that look inside a model's U-Net: see `InsideCalls`. */
export const insideCalls = (parts: Parts) => {
  const { drafts, engine, keepPreview } = parts
  return {
    attention: ({ imageId }) =>
      look(parts, imageId, async (task) => {
        const { steps, ...seen } = await engine.calls.attention(task)
        const packed = steps.map(({ reads, ...step }) => ({
          ...step,
          reads: reads.map(({ text, maps }) => ({ text, maps: maps.map(float16s) })),
        }))
        return { ...seen, steps: packed }
      }),
    unetDrawing: ({ imageId }) =>
      look(parts, imageId, async (task) => {
        const drawing = await engine.calls.unetDrawing(task)
        return { ...drawing, skips: drawing.blocks.filter(({ gives }) => gives !== null).length }
      }),
    unetRun: ({ imageId, dials = {}, block = null }) =>
      look(parts, imageId, async (task) => {
        const { skips = [], freeU = { b: [1, 1], s: [1, 1] } } = dials
        const turn = { dials: { skips, freeU }, block }
        const { pixels, activations } = await engine.calls.unetRun(task, turn)
        return {
          url: await keepPreview(task.jobId, pixels),
          activations: activations.map(({ data, ...seen }) => ({ ...seen, data: float16s(data) })),
        }
      }),
    stopLook: () => drafts.stop(),
  } satisfies Partial<StudioCalls>
}

/** Asks the engine about a picture's run, on the device it was made on. */
const look = <Answer>(
  parts: Parts,
  imageId: string,
  ask: (task: EngineTask) => Promise<Answer>,
): Promise<Answer | null> =>
  parts.drafts.look(async (): Promise<Look<Answer>> => {
    const task = await taskOfPicture(parts, imageId)
    return {
      device: task.request.device,
      ask: (jobId, device) => ask({ ...task, jobId, device, firstImage: 0, isDraft: false }),
    }
  })
