import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { prepare } from '../../src/engine/prepare.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'

const starter = fileURLToPath(new URL('../../resources/models/starter', import.meta.url))
let model: Model

beforeAll(async () => {
  model = await openModel(starter, 'cpu')
})
afterAll(() => model.release())

it('opens all that draws a request without running the U-Net, and the picture opens nothing', async () => {
  const tokenizers = await openTokenizers(model)
  const asked = generationRequestSchema.parse({ prompt: 'a blue circle', steps: 1 })
  const request = { ...asked, seed: 7, width: 64, height: 64 }
  const { unet, textEncoder, vaeDecoder } = model.tallies
  const opening = (): number[] => Object.values(model.tallies).map(({ loadMs }) => loadMs)

  await prepare(model, tokenizers, { request }, () => {})
  const opened = opening()
  expect(Math.min(unet.loadMs, vaeDecoder.loadMs, model.tallies.previewVae.loadMs)).toBeGreaterThan(0)
  expect(textEncoder.runs).toBeGreaterThan(0)
  expect([unet.runs, vaeDecoder.runs]).toEqual([0, 1])

  // Once more, it is open already.
  await prepare(model, tokenizers, { request }, () => {})
  const painting = paint(model, tokenizers, { request, index: 0, initImage: null, mask: null }, () => {})
  for await (const stage of painting) void stage
  expect([unet.runs, vaeDecoder.runs]).toEqual([2, 2])
  expect(opening()).toEqual(opened)
})

it('throws what opening throws', async () => {
  const asked = generationRequestSchema.parse({ prompt: 'a', clipSkip: 12 })
  const request = { ...asked, seed: 7, width: 64, height: 64 }
  await expect(prepare(model, await openTokenizers(model), { request }, () => {})).rejects.toMatchObject({
    code: 'bad-request',
  })
})

it('opens no decoder once it is cancelled', async () => {
  const request = { ...generationRequestSchema.parse({ prompt: 'a' }), seed: 7, width: 128, height: 128 }
  const { loadMs } = model.tallies.vaeDecoder
  const cancelled = new Error('cancelled')
  const preparing = prepare(model, await openTokenizers(model), { request }, () => {
    throw cancelled
  })
  await expect(preparing).rejects.toBe(cancelled)
  expect(model.tallies.vaeDecoder.loadMs).toBe(loadMs)
})
