import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { EngineTask } from '../../../src/shared/engine/engineContract.ts'
import { StudioError } from '../../../src/shared/errors.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { mapSizes } from '../../../src/engine/lab/attention.ts'
import { insideCalls, type Ready } from '../../../src/engine/lab/insideCalls.ts'
import { readProfile, timeOfBlocks } from '../../../src/engine/lab/profile.ts'
import { unetOf } from '../../../src/engine/lab/unetBlocks.ts'
import type { Model } from '../../../src/engine/model/model.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'

const starter = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
const exported = fileURLToPath(new URL('../../golden/onnx/sd15', import.meta.url))
let model: Model

beforeAll(async () => {
  model = await openModel(starter, 'cpu')
})
afterAll(() => model.release())

const parsed = generationRequestSchema.parse({
  prompt: 'a red fox',
  steps: 1,
  seed: 1,
  width: 128,
  height: 128,
})
const task: EngineTask = {
  ...{ jobId: 'look', modelPath: starter, device: 'cpu', firstImage: 0, isDraft: false },
  ...{ adapters: [], embeddings: [], controls: [], vaePath: null, hiresUpscaler: null, upscaler: null },
  ...{ initImage: null, mask: null },
  request: { ...parsed, seed: 1, width: 128, height: 128 },
}

/** A machine whose memory has room for maps of so many pixels. */
const callsWith = (roomForPixels: number) => {
  const ready: Ready = async (_task, _leg, look) => {
    if (look!.attentionPixels > roomForPixels)
      throw new StudioError('out-of-memory', 'There is no room for the maps.')
    return { model, tokenizers: await openTokenizers(model) }
  }
  return insideCalls((_id, work) => work(() => {}), ready, { progress: () => {} })
}

it('where memory runs out the finest maps are left out, and that is said', async () => {
  const sizes = async (room: number) => {
    const seen = await callsWith(room).attention(task)
    return [seen.reduced, seen.sizes.map(({ height }) => height)]
  }
  expect(await sizes(64)).toEqual([false, [8, 4]])
  expect(await sizes(16)).toEqual([true, [4]])
  await expect(sizes(4)).rejects.toMatchObject({ code: 'out-of-memory' })
})

it('the network that draws stays open beside the one that is looked into', async () => {
  await model.openUnet({ height: 16, width: 16, contextTokens: 77 })
  await callsWith(64).attention(task)
  const { loadMs } = model.tallies.unet
  await model.openUnet({ height: 16, width: 16, contextTokens: 77 })
  expect(model.tallies.unet.loadMs).toBe(loadMs)
})

it('a model of exported graphs, and one that reads no text, say what cannot be seen', async () => {
  await expect(unetOf({ ...task, modelPath: exported })).rejects.toMatchObject({
    code: 'unsupported-model',
    message: expect.stringContaining('exported ONNX graphs') as string,
  })
  expect(() => mapSizes([])).toThrow('reads no text')
})

it('times of a profile belong to the block whose scope an operator has, or to the one before', () => {
  const event = (cat: string, name: string, ts: number, dur: number) => ({ cat, name, ts, dur, args: {} })
  const profile = readProfile(
    JSON.stringify([
      event('Session', 'model_loading_array', 0, 5),
      ...[100, 1100, 2100].flatMap((start, run) => [
        event('Session', 'model_run', start, 900),
        event('Node', 'conv_in.Conv#1_nchwc_kernel_time', start + 1, 1000 * (run + 1)),
        event('Node', 'ReorderOutput_token_7_kernel_time', start + 2, 500),
        event('Node', 'mid_block.resnets.0.conv1.Conv#9_kernel_time', start + 3, 2000),
        event('Node', 'mid_blocks.Conv#9_kernel_time', start + 4, 500),
      ]),
    ]),
  )
  expect(profile).toHaveLength(3)
  expect(timeOfBlocks(profile, [['conv_in'], ['mid_block']], 2)).toEqual([3, 2.5])
})
