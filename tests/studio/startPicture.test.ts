import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { generationRequestSchema, type GenerationRequestInput } from '../../src/shared/request/request.ts'
import { openInputs } from '../../src/studio/pictures/inputs.ts'
import { extendedBy, readStart } from '../../src/studio/pictures/startPicture.ts'
import { openTestStudio, temporaryFolder } from './fixtures/testStudio.ts'

const noise = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 73 + (i >> 5) * 31) % 256),
})
const png = ({ data, width, height }: Pixels): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
const grey = (width: number, height: number, level: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(3 * width * height).fill(level),
})

async function start(
  asked: (ids: { picture: string; mask: string }) => GenerationRequestInput,
  size = { width: 64, height: 64 },
) {
  const inputs = openInputs(temporaryFolder(), 'writer')
  const picture = await inputs.add(await png(noise(96, 80)))
  const mask = await inputs.add(await png(grey(96, 80, 0)))
  const request = generationRequestSchema.parse(asked({ picture: picture.id, mask: mask.id }))
  return readStart({ ...request, ...size }, inputs)
}

it('a picture has its edges continued, or grey at its sides', () => {
  const picture = { width: 1, height: 2, data: Uint8Array.of(1, 1, 1, 2, 2, 2) }
  const sides = { left: 1, top: 1, right: 1, bottom: 0 }
  const reds = ({ data }: Pixels): number[] => [...data].filter((_, i) => i % 3 === 0)
  expect(reds(extendedBy(picture, sides, null))).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2])
  expect(reds(extendedBy(picture, sides, 255))).toEqual([255, 255, 255, 255, 1, 255, 255, 2, 255])
})

it('both come at the size of the request where the whole is painted', async () => {
  const read = await start(({ picture, mask }) => ({
    initImage: { id: picture },
    mask: { id: mask },
    inpaint: {},
  }))
  expect([read.initImage?.width, read.initImage?.height, read.mask?.width]).toEqual([64, 64, 64])
})

it('both stay as they are where the masked area alone is painted', async () => {
  const read = await start(({ picture, mask }) => ({
    initImage: { id: picture },
    mask: { id: mask },
    inpaint: { area: 'masked' },
  }))
  expect(read.initImage).toEqual(noise(96, 80))
  expect(read.mask).toEqual(grey(96, 80, 0))
})

it('what is added lies under a white mask, also without a mask of its own', async () => {
  const outpaint = { left: 8, right: 24 }
  const read = await start(({ picture }) => ({
    initImage: { id: picture },
    inpaint: { area: 'masked', outpaint },
  }))
  expect([read.initImage!.width, read.initImage!.height]).toEqual([128, 80])
  const level = (x: number): number => read.mask!.data[(40 * 128 + x) * 3]
  expect([level(7), level(8), level(103), level(104)]).toEqual([255, 0, 0, 255])
  const whole = await start(({ picture }) => ({ initImage: { id: picture }, inpaint: { outpaint } }), {
    width: 128,
    height: 80,
  })
  expect(whole).toEqual(read)
})

it('a picture that is too large for its masked area to be painted alone is refused before it is queued', async () => {
  const studio = await openTestStudio()
  const path = join(temporaryFolder(), 'large.png')
  writeFileSync(path, await png(grey(6000, 6000, 9)))
  const { id } = await studio.inputs.addFile(path)
  const inpaint = { area: 'masked', outpaint: { left: 8 } } as const
  await expect(studio.calls.enqueue({ initImage: { id }, inpaint })).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining('6008×6000') as string,
  })
})
