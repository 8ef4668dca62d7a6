import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { assetPaths } from '../../src/shared/assetPaths.ts'
import type { Inspection } from '../../src/shared/library/generation.ts'
import { openTestStudio, runToEnd } from './fixtures/testStudio.ts'

const at = (path: string): string => `http://127.0.0.1${path}`

describe('pictures in other formats', () => {
  it.each(['jpg', 'webp'] as const)('carry their generation data: %s', async (format) => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, {
      prompt: 'a “quoted” ünïcode 猫',
      seed: 9,
      width: 64,
      height: 64,
    })
    const answer = await studio.assets(new Request(at(assetPaths.image(imageIds[0], format))))
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect((await sharp(bytes).metadata()).format).toBe(format === 'jpg' ? 'jpeg' : 'webp')
    const inspected = await studio.assets(
      new Request(at(assetPaths.inspect), { method: 'POST', body: bytes }),
    )
    const { generation } = (await inspected.json()) as Inspection
    expect(generation).toMatchObject({
      source: 'Latent Studio',
      request: { prompt: 'a “quoted” ünïcode 猫', seed: 9, width: 64 },
    })
  })
})

describe('a file that is inspected', () => {
  const inspect = async (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    (await openTestStudio()).assets(new Request(at(assetPaths.inspect), { method: 'POST', body }))

  it('tells what another program wrote into it', async () => {
    const file = readFileSync(new URL('../golden/G_images/a1111_simple.png', import.meta.url))
    const { generation } = (await (await inspect(new Uint8Array(file))).json()) as Inspection
    expect(generation).toMatchObject({ source: 'AUTOMATIC1111', request: { sampler: 'DPM++ 2M', steps: 20 } })
  })

  it('may tell nothing', async () => {
    const answer = await inspect(new TextEncoder().encode('no picture at all'))
    expect(await answer.json()).toEqual({ generation: null })
  })
})
