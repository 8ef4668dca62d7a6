import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeBmp, isBmp } from '../../src/studio/pictures/bmp.ts'
import { StudioError } from '../../src/shared/errors.ts'
import { openTestStudio } from './fixtures/testStudio.ts'

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', 'pictures', name)
const refuse = (why: string) => new StudioError('bad-init-image', why)
const decode = (file: Uint8Array) => decodeBmp(file, 2 ** 20, refuse)

interface Written {
  bits: number
  height?: number
  compression?: number
  palette?: readonly number[]
  masks?: readonly number[]
  rows: readonly (readonly number[])[]
}

/** A bitmap of two pixels a row, written field by field. */
function bitmap({ bits, height, compression = 0, palette = [], masks = [], rows }: Written): Buffer {
  const header = Buffer.alloc(54)
  const between = Buffer.concat(
    [masks, palette].map((numbers) => Buffer.from(Uint32Array.from(numbers).buffer)),
  )
  const padded = rows.map((row) =>
    Buffer.concat([Buffer.from(row), Buffer.alloc((4 - (row.length % 4)) % 4)]),
  )
  header.write('BM')
  header.writeUInt32LE(54 + between.length, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(2, 18)
  header.writeInt32LE(height ?? rows.length, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(bits, 28)
  header.writeUInt32LE(compression, 30)
  return Buffer.concat([header, between, ...padded])
}

const [red, green, blue, white] = [
  [255, 0, 0, 255],
  [0, 255, 0, 255],
  [0, 0, 255, 255],
  [255, 255, 255, 255],
]

describe('a Windows bitmap', () => {
  it.each<[string, Written, number[][]]>([
    [
      '24 bits',
      {
        bits: 24,
        rows: [
          [255, 0, 0, 255, 255, 255],
          [0, 0, 255, 0, 255, 0],
        ],
      },
      [red, green, blue, white],
    ],
    ['rows from the top', { bits: 24, height: -1, rows: [[0, 0, 255, 0, 255, 0]] }, [red, green]],
    ['32 bits without alpha', { bits: 32, rows: [[0, 0, 255, 0, 0, 255, 0, 0]] }, [red, green]],
    ['32 bits with alpha', { bits: 32, rows: [[0, 0, 255, 255, 0, 255, 0, 0]] }, [red, [0, 255, 0, 0]]],
    ['16 bits, five a colour', { bits: 16, rows: [[0x00, 0x7c, 0xe0, 0x03]] }, [red, green]],
    [
      '16 bits with masks',
      { bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f], rows: [[0x00, 0xf8, 0xff, 0xff]] },
      [red, white],
    ],
    ['a palette of 8 bits', { bits: 8, palette: [0xff0000, 0x00ff00], rows: [[0, 1]] }, [red, green]],
    ['a palette of 4 bits', { bits: 4, palette: [0xff0000, 0x00ff00], rows: [[0x10]] }, [green, red]],
    ['a palette of 1 bit', { bits: 1, palette: [0xff0000, 0x0000ff], rows: [[0b01000000]] }, [red, blue]],
  ])('of %s is read', (_kind, written, pixels) => {
    const file = bitmap(written)
    expect(isBmp(file)).toBe(true)
    expect([...decode(file).data]).toEqual(pixels.flat())
  })

  it('that is cut off, compressed or too large is refused', () => {
    const file = bitmap({ bits: 24, rows: [[0, 0, 255, 0, 255, 0]] })
    for (let length = 27; length < file.length - 2; length++)
      expect(() => decode(file.subarray(0, length)), String(length)).toThrow(StudioError)
    expect(() => decode(bitmap({ bits: 8, compression: 1, rows: [[0, 0]] }))).toThrow('compressed')
    expect(() => decode(bitmap({ bits: 24, height: 2 ** 30, rows: [] }))).toThrow('pixels')
  })

  it('can be started from', async () => {
    const studio = await openTestStudio()
    const taken = await studio.inputs.addFile(fixture('start_picture.bmp'))
    const file = readFileSync(fixture('start_picture.bmp'))
    expect([taken.width, taken.height]).toEqual([file.readInt32LE(18), Math.abs(file.readInt32LE(22))])
    const answer = await studio.assets(new Request(`http://127.0.0.1${taken.url}`))
    const { data } = await sharp(Buffer.from(await answer.arrayBuffer()))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(data.equals(decode(file).data)).toBe(true)
  })
})

describe('a file of a kind that is not read', () => {
  const refused = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
    const studio = await openTestStudio()
    const answer = await studio.assets(
      new Request('http://127.0.0.1/inputs', { method: 'POST', body: bytes }),
    )
    const { code, message } = (await answer.json()) as { code: string; message: string }
    expect(code).toBe('bad-init-image')
    expect(message).toContain('PNG, JPEG, WebP, AVIF, GIF, TIFF or plain BMP')
    return message
  }

  it('is named, with the kinds that are', async () => {
    const heic = new Uint8Array(readFileSync(fixture('start_picture.heic')))
    expect(await refused(heic)).toContain('is a HEIC picture')
    const beginnings: [string, string][] = [
      ['8BPS\0\x01', 'a Photoshop file'],
      ['\xff\x0a\0\0', 'a JPEG XL picture'],
      ['\0\0\0\x18ftypmp42', 'a film'],
      ['%PDF-1.7', 'a PDF document'],
    ]
    for (const [start, kind] of beginnings)
      expect(await refused(new Uint8Array(Buffer.from(start.padEnd(64, '\0'), 'latin1')))).toContain(kind)
  })

  it('as TIFF is read', async () => {
    const studio = await openTestStudio()
    const create = { width: 20, height: 10, channels: 3, background: '#d02020' } as const
    const body = new Uint8Array(await sharp({ create }).tiff().toBuffer())
    const answer = await studio.assets(new Request('http://127.0.0.1/inputs', { method: 'POST', body }))
    expect(await answer.json()).toMatchObject({ width: 20, height: 10 })
  })
})
