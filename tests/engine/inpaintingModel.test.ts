import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request/request.ts'
import type { Inpaint } from '../../src/shared/request/inpaint.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'

/** A U-Net of nine channels, with the other parts of the small SD 1.5 beside it. */
const pipelines = fileURLToPath(new URL('../golden/pipelines', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'inpainting-model-'))
let model: Model

beforeAll(async () => {
  const own = join(pipelines, 'sd15_inpaint')
  for (const part of readdirSync(own)) symlinkSync(resolve(own, part), join(folder, part))
  for (const part of ['vae', 'text_encoder', 'tokenizer'])
    symlinkSync(join(pipelines, 'sd15', part), join(folder, part))
  model = await openModel(folder, 'cpu')
})
afterAll(async () => {
  await model.release()
  rmSync(folder, { recursive: true })
})

const picture: Pixels = {
  width: 64,
  height: 64,
  data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 73 + (i >> 5) * 31) % 256),
}
const isMasked = (i: number): boolean => Math.floor(i / 3) % 64 >= 32
const mask: Pixels = { ...picture, data: picture.data.map((_, i) => (isMasked(i) ? 255 : 0)) }

async function painted(inpaint: Partial<Inpaint>): Promise<Pixels> {
  const asked = generationRequestSchema.parse({
    steps: 3,
    denoiseStrength: 0.9,
    initImage: { id: '0'.repeat(64) },
    mask: { id: '1'.repeat(64) },
    inpaint,
  })
  const subject = {
    request: { ...asked, seed: 3, width: 64, height: 64 },
    index: 0,
    initImage: picture,
    mask,
  }
  const painting = paint(model, await openTokenizers(model), subject, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
  }
}

it.each([{ soft: false }, { soft: true }, { content: 'fill' }] as const)(
  'an inpainting model leaves every pixel outside the mask as it was too: %j',
  async (inpaint) => {
    const { data } = await painted({ ...inpaint, maskBlur: 0 })
    const changed = data.map((level, i) => (level === picture.data[i] ? 0 : isMasked(i) ? 1 : 2))
    expect(changed.filter((where) => where === 2)).toHaveLength(0)
    expect(changed.filter((where) => where === 1).length).toBeGreaterThan(1000)
  },
)
