import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generationRequestSchema } from '../../src/shared/request.ts'
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

it('opens the U-Net for a request without running it, and the picture opens it no more', async () => {
  const tokenizers = await openTokenizers(model)
  const asked = generationRequestSchema.parse({ prompt: 'a blue circle', steps: 1 })
  const request = { ...asked, seed: 7, width: 64, height: 64 }
  const { unet, textEncoder, vaeDecoder } = model.tallies

  await prepare(model, tokenizers, { request })
  const opening = unet.loadMs
  expect(opening).toBeGreaterThan(0)
  expect(textEncoder.runs).toBeGreaterThan(0)
  expect([unet.runs, vaeDecoder.runs]).toEqual([0, 0])

  const painting = paint(model, tokenizers, { request, index: 0, initImage: null, mask: null }, () => {})
  for await (const stage of painting) void stage
  expect(unet.runs).toBeGreaterThan(0)
  expect(unet.loadMs).toBe(opening)
})

it('throws what opening throws', async () => {
  const asked = generationRequestSchema.parse({ prompt: 'a', clipSkip: 12 })
  const request = { ...asked, seed: 7, width: 64, height: 64 }
  await expect(prepare(model, await openTokenizers(model), { request })).rejects.toMatchObject({
    code: 'bad-request',
  })
})
