import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { StudioError } from '../../../src/shared/errors.ts'
import { inspectPicture } from '../../../src/studio/metadata/readGeneration.ts'

const infotext =
  'a triangle, 三角\nNegative prompt: a star\nSteps: 22, Sampler: Euler, CFG scale: 6, Seed: 3, Size: 64x64'

/** A picture whose lowest bits of alpha, or of red, green and blue, hold bytes, down each column. */
function hide(bytes: Buffer, bitsOf: 'alpha' | 'rgb', width = 96, height = 80) {
  const channels = bitsOf === 'alpha' ? 4 : 3
  const data = Buffer.alloc(width * height * channels, 0xfe)
  const perPixel = bitsOf === 'alpha' ? 1 : 3
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const pixel = Math.floor(bit / perPixel)
    const at = ((pixel % height) * width + Math.floor(pixel / height)) * channels
    data[at + (bitsOf === 'alpha' ? 3 : bit % 3)] |= (bytes[bit >> 3] >> (7 - (bit & 7))) & 1
  }
  return sharp(data, { raw: { width, height, channels } })
}

function stealth(signature: string, payload: Buffer, bits = payload.length * 8): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bits)
  return Buffer.concat([Buffer.from(signature), length, payload])
}

describe('generation data in the lowest bits of pixels', () => {
  it.each([
    ['stealth_pnginfo', 'alpha', false],
    ['stealth_pngcomp', 'alpha', true],
    ['stealth_rgbinfo', 'rgb', false],
    ['stealth_rgbcomp', 'rgb', true],
  ] as const)('is found under the signature %s', async (signature, bitsOf, packed) => {
    const text = Buffer.from(infotext)
    const picture = hide(stealth(signature, packed ? gzipSync(text) : text), bitsOf)
    const wanted = { source: 'AUTOMATIC1111', request: { prompt: 'a triangle, 三角', seed: 3, steps: 22 } }
    expect(await inspectPicture(await picture.png().toBuffer())).toMatchObject(wanted)
    expect(
      await inspectPicture(await picture.webp({ lossless: true, exact: true }).toBuffer()),
    ).toMatchObject(wanted)
  })

  it('of NovelAI is read as its chunks are', async () => {
    const comment = {
      prompt: 'a cat',
      uc: 'dog',
      steps: 28,
      width: 832,
      height: 1216,
      scale: 5,
      seed: 7,
      sampler: 'k_euler',
    }
    const texts = {
      Software: 'NovelAI',
      Source: 'Stable Diffusion XL 7BCCAA2C',
      Comment: JSON.stringify(comment),
    }
    const picture = hide(stealth('stealth_pngcomp', gzipSync(JSON.stringify(texts))), 'alpha')
    expect(await inspectPicture(await picture.png().toBuffer())).toMatchObject({
      source: 'NovelAI',
      request: { prompt: 'a cat', negativePrompt: 'dog', width: 832, height: 1216, seed: 7 },
      model: { name: 'Stable Diffusion XL 7BCCAA2C' },
    })
  })

  it.each([
    ['unpacks to more than 4 MiB', stealth('stealth_pngcomp', gzipSync(Buffer.alloc(5 * 2 ** 20)))],
    ['is not whole', stealth('stealth_pngcomp', gzipSync(infotext).subarray(0, 60))],
    ['its length is wrong', stealth('stealth_pngcomp', gzipSync(infotext), 0xffffffff)],
    ['its length is wrong', stealth('stealth_pnginfo', Buffer.from(infotext), 300 * 256)],
  ])('that is broken is said to be: it %s', async (reason, bytes) => {
    const picture = await hide(bytes, 'alpha', 300, 256).png().toBuffer()
    await expect(inspectPicture(picture)).rejects.toMatchObject({
      code: 'bad-metadata',
      message: expect.stringContaining(reason) as string,
    })
  })

  it('looks into any bytes without a fault of ours', async () => {
    const png = await hide(stealth('stealth_pngcomp', gzipSync(infotext)), 'alpha')
      .png()
      .toBuffer()
    const shells = [Buffer.alloc(0), png, png.subarray(0, 60), Buffer.from('RIFF\0\0\0\0WEBPVP8L')]
    const bytes = fc.uint8Array({ maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...shells), fc.nat(200), bytes, async (shell, at, rest) => {
        const file = Buffer.concat([shell.subarray(0, at), rest, shell.subarray(at)])
        await inspectPicture(file).catch((error: unknown) => {
          if (!(error instanceof StudioError)) throw error
        })
      }),
      { numRuns: 300 },
    )
  })

  it('is not looked for where texts tell how the picture was made, nor seen in pictures without it', async () => {
    expect(
      await inspectPicture(await hide(Buffer.from('stealth_nothing'), 'alpha').png().toBuffer()),
    ).toBeNull()
    expect(
      await inspectPicture(
        await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000001' } })
          .png()
          .toBuffer(),
      ),
    ).toBeNull()
    expect(await inspectPicture(Buffer.from('no picture at all\0'))).toBeNull()
    expect(await inspectPicture(Buffer.alloc(0))).toBeNull()
  })
})
