import { gunzipSync } from 'node:zlib'
import { StudioError } from '../../shared/errors.ts'
import { readTopLeft, storedShape } from '../pictures/images.ts'

/**
 * Texts hidden in the lowest bits of pixels, as NovelAI and the "stealth pnginfo" extension of AUTOMATIC1111 and
 * Forge (modules/stealth_infotext.py) write them: down each column, the columns from left to right; one bit of alpha
 * or three of red, green, blue a pixel. First a signature, then the length in bits as 32 bits, then the text.
 */
const signatures = {
  stealth_pnginfo: { channels: 'alpha', packed: false },
  stealth_pngcomp: { channels: 'alpha', packed: true },
  stealth_rgbinfo: { channels: 'rgb', packed: false },
  stealth_rgbcomp: { channels: 'rgb', packed: true },
} as const
type Channels = 'alpha' | 'rgb'
const bitsPerPixel = { alpha: 1, rgb: 3 } as const

/** Up to which size pictures are decoded for this. A WebP cannot be decoded in part, and takes three times as long. */
const pixelLimits: Record<string, number | undefined> = {
  __proto__: null as never,
  png: 2 ** 26,
  webp: 2 ** 24,
}

const signatureBytes = 15
const headerBytes = signatureBytes + 4
const longestText = 4 * 1024 * 1024
/** As it lies in the pixels; bits are gathered one by one. */
const longestHidden = 256 * 1024

/**
 * The text hidden in the pixels of a PNG or WebP; null where there is none. Only the columns that hold it are kept in
 * memory. Throws `bad-metadata` for a text that is there and broken, longer than 256 KiB, or than 4 MiB unpacked.
 */
export async function readStealthText(file: Buffer): Promise<string | null> {
  const shape = await storedShape(file)
  const mostPixels = pixelLimits[shape?.format ?? '']
  if (!shape || mostPixels === undefined || shape.width * shape.height > mostPixels) return null
  const { width, height } = shape
  const rows = Math.min(height, headerBytes * 8)
  const columns = Math.ceil((headerBytes * 8) / rows)
  const corner = columns <= width ? await readTopLeft(file, columns, rows) : undefined
  for (const channels of ['alpha', 'rgb'] as const) {
    if (!corner || (channels === 'alpha' && !shape.hasAlpha)) continue
    const header = hiddenBytes(corner, { columns, rows }, channels, headerBytes)
    const signature = header?.toString('latin1', 0, signatureBytes)
    if (!header || !signature || !Object.hasOwn(signatures, signature)) continue
    const { packed, channels: written } = signatures[signature as keyof typeof signatures]
    if (written !== channels) continue
    const length = Math.floor(header.readUInt32BE(signatureBytes) / 8)
    return unpack((await readPayload(file, shape, channels, length)).subarray(headerBytes), packed)
  }
  return null
}

/** All bytes from the signature on, of which so many are the text's. */
async function readPayload(
  file: Buffer,
  { width, height }: { width: number; height: number },
  channels: Channels,
  length: number,
): Promise<Buffer> {
  const columns = Math.ceil(((headerBytes + length) * 8) / bitsPerPixel[channels] / height)
  if (length > longestHidden || columns > width) throw broken('its length is wrong')
  const pixels = await readTopLeft(file, columns, height)
  const bytes = pixels && hiddenBytes(pixels, { columns, rows: height }, channels, headerBytes + length)
  if (!bytes) throw broken('its pixels cannot be read')
  return bytes
}

const broken = (reason: string) =>
  new StudioError(
    'bad-metadata',
    `This picture holds generation data in its pixels, and it cannot be read: ${reason}. The file may have been changed since it was made.`,
  )

/** The first bytes in the lowest bits of some pixels; undefined where these have no such channels. */
function hiddenBytes(
  pixels: { data: Buffer; channels: number },
  { columns, rows }: { columns: number; rows: number },
  channels: Channels,
  length: number,
): Buffer | undefined {
  // Grey pictures have no three colours to hide bits in.
  if (channels === 'rgb' && pixels.channels < 3) return undefined
  const first = channels === 'alpha' ? pixels.channels - 1 : 0
  const perPixel = bitsPerPixel[channels]
  const bytes = Buffer.alloc(length)
  for (let bit = 0; bit < length * 8; bit++) {
    const pixel = Math.floor(bit / perPixel)
    const at = ((pixel % rows) * columns + Math.floor(pixel / rows)) * pixels.channels
    bytes[bit >> 3] |= (pixels.data[at + first + (bit % perPixel)] & 1) << (7 - (bit & 7))
  }
  return bytes
}

function unpack(bytes: Buffer, packed: boolean): string {
  if (!packed) return bytes.toString('utf8')
  try {
    return gunzipSync(bytes, { maxOutputLength: longestText }).toString('utf8')
  } catch (error) {
    const isLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw broken(isLong ? 'it unpacks to more than 4 MiB' : 'it is not whole')
  }
}
