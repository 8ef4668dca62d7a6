import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Pixels } from '../../src/shared/engine/engineContract.ts'
import { readPicture } from '../../src/studio/pictures/images.ts'
import { openInputs } from '../../src/studio/pictures/inputs.ts'
import { readOwnMetadata } from '../../src/studio/metadata/imageMetadata.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'
import { pngChunk } from './metadata/files.ts'

/** 40 × 20: the left half red, the right half blue. */
const redAndBlue = () =>
  sharp({ create: { width: 40, height: 20, channels: 3, background: '#ff0000' } }).composite([
    { input: { create: { width: 20, height: 20, channels: 3, background: '#0000ff' } }, left: 20, top: 0 },
  ])

function pixelAt({ data, width }: Pixels, x: number, y: number): string {
  const [red, green, blue] = data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)
  const name = (value: number): string => (value > 200 ? '1' : value < 55 ? '0' : '?')
  return (
    { '100': 'red', '001': 'blue', '111': 'white', '010': 'green' }[name(red) + name(green) + name(blue)] ??
    'other'
  )
}

async function picture(name: string, bytes: Promise<Buffer>): Promise<string> {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, await bytes)
  return path
}

describe('a picture to start from', () => {
  it('is cut evenly, kept whole with its edges continued, or stretched', async () => {
    const path = await picture('a.png', redAndBlue().png().toBuffer())
    const crop = await readPicture(path, 64, 64, 'crop')
    expect([pixelAt(crop, 2, 32), pixelAt(crop, 61, 32), pixelAt(crop, 2, 2)]).toEqual(['red', 'blue', 'red'])
    const fit = await readPicture(path, 64, 64, 'fit')
    expect([pixelAt(fit, 2, 32), pixelAt(fit, 61, 1), pixelAt(fit, 2, 62)]).toEqual(['red', 'blue', 'red'])
    const stretch = await readPicture(path, 16, 64, 'stretch')
    expect([pixelAt(stretch, 1, 60), pixelAt(stretch, 14, 1)]).toEqual(['red', 'blue'])
    for (const { data, width, height } of [crop, fit, stretch]) expect(data).toHaveLength(width * height * 3)
  })

  it('of exactly the size asked for is not changed at all', async () => {
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 37) % 256)
    const raw = { width: 64, height: 64, channels: 3 } as const
    const path = await picture('noise.png', sharp(data, { raw }).png().toBuffer())
    for (const mode of ['crop', 'fit', 'stretch'] as const) {
      expect(Buffer.from((await readPicture(path, 64, 64, mode)).data).equals(Buffer.from(data))).toBe(true)
    }
  })

  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)('may be %s', async (format) => {
    const path = await picture(`a.${format}`, redAndBlue().toFormat(format).toBuffer())
    const pixels = await readPicture(path, 80, 40, 'crop')
    expect([pixelAt(pixels, 4, 20), pixelAt(pixels, 75, 20)]).toEqual(['red', 'blue'])
  })

  it('is turned as its EXIF orientation says', async () => {
    const path = await picture('a.jpg', redAndBlue().withMetadata({ orientation: 6 }).jpeg().toBuffer())
    const pixels = await readPicture(path, 20, 40, 'crop')
    expect([pixelAt(pixels, 10, 4), pixelAt(pixels, 10, 35)]).toEqual(['red', 'blue'])
    const inputs = openInputs(temporaryFolder(), 'writer')
    const input = await inputs.addFile(path)
    expect(input).toMatchObject({ width: 20, height: 40 })
    expect(await inputs.describe(input.id)).toEqual(input)
  })

  it('lies on white where it is transparent, and has three channels when it is grey or has 16 bits', async () => {
    const clear = {
      create: { width: 32, height: 32, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    } as const
    const transparent = await picture('clear.png', sharp(clear).png().toBuffer())
    expect(pixelAt(await readPicture(transparent, 64, 64, 'fit'), 5, 5)).toBe('white')
    const grey = await picture(
      'grey.png',
      sharp(clear).flatten({ background: '#ffffff' }).greyscale().png().toBuffer(),
    )
    expect(pixelAt(await readPicture(grey, 64, 64, 'crop'), 5, 5)).toBe('white')
    const deep = await picture('deep.png', redAndBlue().toColourspace('rgb16').png().toBuffer())
    const pixels = await readPicture(deep, 40, 20, 'crop')
    expect([pixelAt(pixels, 3, 3), pixelAt(pixels, 37, 3)]).toEqual(['red', 'blue'])
  })

  it('is kept once, as it came', async () => {
    const folder = temporaryFolder()
    const inputs = openInputs(folder, 'writer')
    const bytes = await redAndBlue().webp().toBuffer()
    const one = await inputs.add(bytes)
    expect(await inputs.add(new Uint8Array(bytes))).toEqual(one)
    expect(readFileSync(join(folder, 'inputs', one.id)).equals(bytes)).toBe(true)
  })

  it('is whole again when it is chosen again after the disk spoilt it', async () => {
    const folder = temporaryFolder()
    const inputs = openInputs(folder, 'writer')
    const bytes = await redAndBlue().png().toBuffer()
    const { id } = await inputs.add(bytes)
    const kept = join(folder, 'inputs', id)
    const spoilt = Buffer.from(bytes)
    spoilt[40] ^= 255
    for (const content of [bytes.subarray(0, 60), spoilt]) {
      writeFileSync(kept, content)
      await inputs.add(bytes)
      expect(readFileSync(kept).equals(bytes)).toBe(true)
    }
  })
})

/** A PNG with that header (PNG specification, 11.2.2) and next to no pixels. */
function pngHeader(width: number, height: number, bits: number, colourType: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(bits, 8)
  header.writeUInt8(colourType, 9)
  const parts = [
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(64))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts])
}

/** Half a kilobyte in which filters lie on filters. */
const slowDrawing = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000">
  <filter id="f" width="300%" height="300%">${'<feGaussianBlur stdDeviation="400"/>'.repeat(9)}</filter>
  <rect width="9000" height="9000" filter="url(#f)"/></svg>`

describe('a file that cannot be started from', () => {
  const refused = async (name: string, bytes: Buffer | string) => {
    const path = join(temporaryFolder(), name)
    writeFileSync(path, bytes)
    const folder = temporaryFolder()
    return openInputs(folder, 'writer').addFile(path)
  }
  const badInput = { code: 'bad-init-image' }

  it('is refused with a plain reason: missing, a folder, empty, text', async () => {
    const inputs = openInputs(temporaryFolder(), 'writer')
    await expect(inputs.addFile('/no/such/picture.png')).rejects.toMatchObject(badInput)
    await expect(inputs.addFile(temporaryFolder())).rejects.toMatchObject(badInput)
    await expect(refused('empty.png', '')).rejects.toMatchObject(badInput)
    await expect(refused('text.png', 'not a picture')).rejects.toMatchObject(badInput)
  })

  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)(
    'is refused when it is a truncated %s',
    async (format) => {
      const noise = Buffer.from(
        Uint8Array.from({ length: 128 * 128 * 3 }, (_, index) => (index * index * 31) % 256),
      )
      const whole = await sharp(noise, { raw: { width: 128, height: 128, channels: 3 } })
        .toFormat(format)
        .toBuffer()
      await expect(refused(`a.${format}`, whole.subarray(0, whole.length / 2))).rejects.toMatchObject(
        badInput,
      )
    },
  )

  it.each([
    [60_000, 60_000, 8, 2],
    [16_384, 16_384, 16, 6],
    [16_384, 16_384, 8, 2],
    [100, 2_000_000, 8, 6],
  ])('is refused when it would fill the memory: %d × %d, %d bits, colour type %d', async (...size) => {
    await expect(refused('bomb.png', pngHeader(...size))).rejects.toMatchObject({
      ...badInput,
      message: expect.stringMatching(/unpacks to \d+ MiB/) as string,
    })
  })

  it.each([
    ['plain', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['with a declaration', '\ufeff<?xml version="1.0"?>\n<!-- a drawing --><svg width="9" height="9"/>'],
    ['zipped', gzipSync('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['that would draw for minutes', slowDrawing],
  ])('is refused when it is a drawing, %s, with what to do', async (_, svg) => {
    await expect(refused('a.svg', svg)).rejects.toMatchObject({
      ...badInput,
      message: expect.stringMatching(/drawing \(SVG\).*Export it as PNG/) as string,
    })
  })

  it.skipIf(process.platform === 'win32')('is refused when it is a pipe or has no end', async () => {
    const inputs = openInputs(temporaryFolder(), 'writer')
    const pipe = join(temporaryFolder(), 'pipe.png')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, '/dev/zero']) {
      await expect(inputs.addFile(path)).rejects.toMatchObject({
        ...badInput,
        message: `${path} cannot be read: it is not a file. Choose another picture.`,
      })
    }
  })

  it('is refused unread when it is larger than 100 MiB', async () => {
    const path = join(temporaryFolder(), 'large.png')
    writeFileSync(path, await redAndBlue().png().toBuffer())
    truncateSync(path, 100 * 2 ** 20 + 1)
    await expect(openInputs(temporaryFolder(), 'writer').addFile(path)).rejects.toMatchObject({
      ...badInput,
      message: expect.stringContaining('larger than 100 MiB') as string,
    })
  })
})

describe('a finished image', () => {
  it('carries the text of AUTOMATIC1111 and our own record, and is what the engine painted', async () => {
    const studio = await openTestStudio()
    const { imageIds } = await runToEnd(studio, { prompt: 'a "quoted" prompt\nin two lines', seed: 7 })
    const image = await studio.calls.image(imageIds[0])
    const png = readFileSync(image.path)
    const {
      path: _path,
      url: _url,
      thumbnailUrl: _thumbnail,
      trashedAt: _trashed,
      marks: _marks,
      imported: _imported,
      // Pictures of a farm alone tell of one.
      worker,
      ...embedded
    } = image
    expect(readOwnMetadata(png)).toMatchObject(embedded)
    expect([worker, readOwnMetadata(png)!.worker]).toEqual([null, undefined])
    const texts = (await sharp(png).metadata()).comments ?? []
    expect(texts.find(({ keyword }) => keyword === 'parameters')?.text).toContain('Seed: 7')
    const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect([...data.subarray(3, 6)]).toEqual([2, 0, 7])
  })

  it('has a thumbnail that is made again when it is missing', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { imageIds } = await runToEnd(studio, { prompt: 'x', width: 512, height: 256 })
    const { thumbnailUrl } = await studio.calls.image(imageIds[0])
    const fetchThumbnail = async () =>
      Buffer.from(await (await studio.assets(new Request(`http://x${thumbnailUrl}`))).arrayBuffer())
    const first = await fetchThumbnail()
    expect(await sharp(first).metadata()).toMatchObject({ format: 'webp', width: 384, height: 192 })
    rmSync(join(folder, 'thumbnails'), { recursive: true })
    expect((await fetchThumbnail()).equals(first)).toBe(true)
  })

  it('that starts from a picture gets it at its own size, and from a mask too', async () => {
    const studio = await openTestStudio()
    const path = await picture('a.png', redAndBlue().png().toBuffer())
    const { id } = await studio.inputs.addFile(path)
    const job = await runToEnd(studio, { prompt: 'x', initImage: { id }, width: 128, height: 64 })
    const image = await studio.calls.image(job.imageIds[0])
    const { data, info } = await sharp(image.path).raw().toBuffer({ resolveWithObject: true })
    const pixels = { data: new Uint8Array(data), width: info.width, height: info.height }
    expect(info).toMatchObject({ width: 128, height: 64 })
    expect([pixelAt(pixels, 5, 30), pixelAt(pixels, 120, 30)]).toEqual(['red', 'blue'])
  })

  it('is not started from a picture that is gone', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    await expect(studio.calls.enqueue({ initImage: { id: 'a'.repeat(64) } })).rejects.toMatchObject({
      code: 'not-found',
    })
    const { id } = await studio.inputs.addFile(await picture('a.png', redAndBlue().png().toBuffer()))
    truncateSync(join(folder, 'inputs', id), 60)
    await expect(studio.calls.enqueue({ initImage: { id } })).rejects.toMatchObject({
      code: 'bad-init-image',
    })
  })

  it('is not started with a mask of another shape, or without a picture', async () => {
    const studio = await openTestStudio()
    const { id } = await studio.inputs.addFile(await picture('a.png', redAndBlue().png().toBuffer()))
    const square = redAndBlue().resize(30, 30, { fit: 'fill' }).png().toBuffer()
    const mask = await studio.inputs.addFile(await picture('mask.png', square))
    await expect(studio.calls.enqueue({ mask: { id } })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(studio.calls.enqueue({ initImage: { id }, mask })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'mask: must be 40×20 as the picture to start from, or 128×128 as the result, found 30×30.',
    })
    expect(await runToEnd(studio, { initImage: { id }, mask: { id } })).toMatchObject({ state: 'done' })
  })
})
