import { gunzipSync } from 'node:zlib'
import { StudioError } from '../../shared/errors.ts'
import { readTopLeft, storedShape } from '../images.ts'

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

const signatureBytes = 15
const headerBytes = signatureBytes + 4
const longestText = 4 * 1024 * 1024
/** As it lies in the pixels; bits are gathered one by one. */
const longestHidden = 1024 * 1024

/**
 * The text hidden in the pixels of a PNG or WebP; null where there is none. Only the columns that hold it are kept in
 * memory. Throws `bad-metadata` for a text that is there and broken, longer than 1 MiB, or than 4 MiB unpacked.
 */
export async function readStealthText(file: Buffer): Promise<string | null> {
  const shape = await storedShape(file)
  if (!shape || !['png', 'webp'].includes(shape.format)) return null
  const { width, height, hasAlpha } = shape
  for (const channels of ['alpha', 'rgb'] as const) {
    if (channels === 'alpha' && !hasAlpha) continue
    const bits = channels === 'alpha' ? 1 : 3
    const pixels = Math.ceil((headerBytes * 8) / bits)
    if (width * height < pixels) continue
    const rows = Math.min(height, pixels)
    const header = await readBits(file, { columns: Math.ceil(pixels / rows), rows }, channels, headerBytes)
    const signature = header?.toString('latin1', 0, signatureBytes)
    if (!header || !signature || !Object.hasOwn(signatures, signature)) continue
    const { packed, channels: written } = signatures[signature as keyof typeof signatures]
    if (written !== channels) continue
    const length = Math.floor(header.readUInt32BE(signatureBytes) / 8)
    const columns = Math.ceil(((headerBytes + length) * 8) / bits / height)
    if (length > longestHidden || columns > width) throw broken('its length is wrong')
    const all = await readBits(file, { columns, rows: height }, channels, headerBytes + length)
    if (!all) throw broken('its pixels cannot be read')
    return unpack(all.subarray(headerBytes), packed)
  }
  return null
}

const broken = (reason: string) =>
  new StudioError(
    'bad-metadata',
    `This picture holds generation data in its pixels, and it cannot be read: ${reason}. The file may have been changed since it was made.`,
  )

/** The first bytes in the lowest bits of a picture's left columns; undefined for a picture that cannot be decoded. */
async function readBits(
  file: Buffer,
  { columns, rows }: { columns: number; rows: number },
  channels: Channels,
  length: number,
): Promise<Buffer | undefined> {
  const decoded = await readTopLeft(file, columns, rows)
  if (!decoded) return undefined
  // Grey pictures have no three colours to hide bits in.
  if (channels === 'rgb' && decoded.channels < 3) return undefined
  const first = channels === 'alpha' ? decoded.channels - 1 : 0
  const perPixel = channels === 'alpha' ? 1 : 3
  const bytes = Buffer.alloc(length)
  for (let bit = 0; bit < length * 8; bit++) {
    const pixel = Math.floor(bit / perPixel)
    const at = ((pixel % rows) * columns + Math.floor(pixel / rows)) * decoded.channels
    bytes[bit >> 3] |= (decoded.data[at + first + (bit % perPixel)] & 1) << (7 - (bit & 7))
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
