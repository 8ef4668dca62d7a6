import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { PackedLatents } from '../../src/shared/calls/labCalls.ts'
import type { WalkProgress } from '../../src/shared/calls/mixCalls.ts'
import { packFloat32 } from '../../src/renderer/lab/numbers.ts'
import { defaultEnginePath } from '../../src/studio/paths.ts'
import type { Studio } from '../../src/studio/studio.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

async function openRealStudio(): Promise<Studio> {
  const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
  await studio.calls.changeSettings({ device: 'cpu' })
  return studio
}

const request = {
  prompt: 'a red circle',
  seed: 5,
  steps: 2,
  sampler: 'Euler',
  guidanceScale: 3,
  width: 128,
  height: 128,
  device: 'cpu',
} as const

async function madePicture(studio: Studio, change: { prompt?: string; seed?: number } = {}): Promise<string> {
  const { imageIds, error } = await runToEnd(studio, { ...request, ...change })
  expect(error).toBeNull()
  return imageIds[0]
}

async function fileAt(studio: Studio, url: string): Promise<{ bytes: Buffer; type: string | null }> {
  const answer = await studio.assets(new Request(`http://studio${url}`))
  return { bytes: Buffer.from(await answer.arrayBuffer()), type: answer.headers.get('Content-Type') }
}

const pixelsOf = (file: Buffer | string): Promise<Buffer> => sharp(file).removeAlpha().raw().toBuffer()

it('with nothing of the other a mix is the picture itself, with all of it the other', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const otherId = await madePicture(studio, { prompt: 'a blue square', seed: 6 })
  const drawn = async (noise: number, text: number): Promise<Buffer> => {
    const { bytes, type } = await fileAt(
      studio,
      (await studio.calls.mix({ imageId, other: { imageId: otherId }, noise, text }))!,
    )
    expect(type).toBe('image/png')
    return pixelsOf(bytes)
  }
  const pixelsOfImage = async (id: string): Promise<Buffer> => pixelsOf((await studio.calls.image(id)).path)
  const [one, other] = [await pixelsOfImage(imageId), await pixelsOfImage(otherId)]
  expect((await drawn(0, 0)).equals(one)).toBe(true)
  expect((await drawn(1, 1)).equals(other)).toBe(true)
  const halfway = await drawn(0.5, 0.5)
  expect(halfway.equals(one) || halfway.equals(other)).toBe(false)

  // A word more is another prompt, as strongly as it is asked for.
  const url = (await studio.calls.mix({ imageId, other: { word: 'at night' }, text: 1 }))!
  const withWord = await madePicture(studio, { prompt: 'a red circle, at night' })
  expect((await pixelsOf((await fileAt(studio, url)).bytes)).equals(await pixelsOfImage(withWord))).toBe(true)
})

it('a walk has its frames, and tells of each; a stop ends it', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const otherId = await madePicture(studio, { prompt: 'a blue square', seed: 6 })
  const told: WalkProgress[] = []
  studio.subscribe({ walkProgress: (progress) => told.push(progress) })
  const between = { imageId, otherId, noise: true, text: false }
  const walk = (await studio.calls.walk({ frames: 3, format: 'webp', between }))!
  expect(told).toEqual([1, 2, 3].map((done) => ({ done, frames: 3 })))
  const { bytes, type } = await fileAt(studio, walk.url)
  expect(type).toBe('image/webp')
  expect(walk).toMatchObject({ bytes: bytes.length, width: 128, height: 128 })
  expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({
    ...{ format: 'webp', pages: 3, width: 128, pageHeight: 128, loop: 0, delay: [83, 83, 83] },
  })

  studio.subscribe({ walkProgress: ({ done }) => done === 1 && void studio.calls.stopLook() })
  told.length = 0
  expect(await studio.calls.walk({ frames: 60, format: 'webp', between })).toBeNull()
  expect(told.length).toBeLessThan(4)
})

it('a walk through latents is decoded frame by frame', async () => {
  const studio = await openRealStudio()
  const flat = (value: number): PackedLatents => ({
    ...{ channels: 4, height: 16, width: 16 },
    data: packFloat32(new Float32Array(4 * 16 * 16).fill(value)),
  })
  const between = { model: 'starter', from: flat(-0.5), to: flat(1) }
  const walk = (await studio.calls.walk({ frames: 2, format: 'gif', between }))!
  const { bytes, type } = await fileAt(studio, walk.url)
  expect(type).toBe('image/gif')
  expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({ pages: 2, width: walk.width })
  const other = { ...flat(1), height: 8, data: packFloat32(new Float32Array(4 * 8 * 16)) }
  await expect(
    studio.calls.walk({ frames: 2, format: 'gif', between: { ...between, to: other } }),
  ).rejects.toMatchObject({ code: 'bad-request' })
})

it('latents are read at the size that is asked for', async () => {
  const studio = await openRealStudio()
  const imageId = await madePicture(studio)
  const size = { width: 192, height: 64 }
  const seen = (await studio.calls.latents({ model: 'starter', imageId, size }))!
  expect(seen).toMatchObject({ ...size, originalWidth: 128, originalHeight: 128 })
})
