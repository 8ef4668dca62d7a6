import type { StudioError } from '../../shared/errors.ts'

/** 8-bit RGBA pixels, rows from the top. */
export interface RgbaPixels {
  width: number
  height: number
  data: Uint8Array
}

/** How a BMP lies in its file (Microsoft's BITMAPFILEHEADER, BITMAPINFOHEADER, BITMAPV4HEADER). */
interface Layout {
  width: number
  height: number
  topDown: boolean
  bits: number
  /** Where the pixels, and the palette of [blue, green, red, unused], begin. */
  pixels: number
  palette: number
  paletteEntry: 3 | 4
  /** Bits of red, green, blue and alpha in a pixel of 16 or 32 bits. */
  masks: readonly [number, number, number, number]
}

/** Lengths of the headers that follow the file's own: of OS/2 and of Windows, by its versions. */
const headerLengths = [12, 16, 40, 52, 56, 64, 108, 124]

export const isBmp = (bytes: Uint8Array): boolean =>
  bytes.length >= 26 && bytes[0] === 0x42 && bytes[1] === 0x4d && headerLengths.includes(bytes[14])

/**
 * The pixels of a Windows bitmap of 1, 4, 8, 16, 24 or 32 bits that is not compressed, of at most `mostPixels`. Throws
 * `refuse(why)` for others and for those that end too early.
 */
export function decodeBmp(
  bytes: Uint8Array,
  mostPixels: number,
  refuse: (why: string) => StudioError,
): RgbaPixels {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const layout = readLayout(file, refuse)
  const { width, height, bits, topDown } = layout
  if (!(width > 0 && height > 0 && width * height <= mostPixels))
    throw refuse(`it has ${width}×${height} pixels`)
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  if (layout.pixels + rowBytes * height > file.length) throw refuse('it ends too early')
  const data = new Uint8Array(width * height * 4)
  const readPixel = pixelReader(file, layout)
  for (let row = 0; row < height; row++) {
    const start = layout.pixels + (topDown ? row : height - 1 - row) * rowBytes
    for (let column = 0; column < width; column++) readPixel(start, column, data, (row * width + column) * 4)
  }
  // Many programs leave the fourth byte 0 and mean an opaque picture.
  const isOpaque = data.every((value, at) => at % 4 !== 3 || value === 0)
  if (isOpaque) for (let at = 3; at < data.length; at += 4) data[at] = 255
  return { width, height, data }
}

function readLayout(file: Buffer, refuse: (why: string) => StudioError): Layout {
  const headerLength = file.readUInt32LE(14)
  const pixels = file.readUInt32LE(10)
  const palette = 14 + headerLength
  if (headerLength === 12) {
    const [width, height] = [file.readUInt16LE(18), file.readUInt16LE(20)]
    const bits = file.readUInt16LE(24)
    return {
      width,
      height,
      topDown: false,
      bits,
      pixels,
      palette,
      paletteEntry: 3,
      masks: masksOf[bits] ?? none,
    }
  }
  if (headerLength < 40) throw refuse('its header is of no known kind')
  if (file.length < palette) throw refuse('it ends too early')
  const [width, height] = [file.readInt32LE(18), file.readInt32LE(22)]
  const bits = file.readUInt16LE(28)
  const compression = file.readUInt32LE(30)
  const hasMasks = compression === 3 || compression === 6
  if (!(compression === 0 || hasMasks) || ![1, 4, 8, 16, 24, 32].includes(bits))
    throw refuse('it is compressed, or of an unusual depth')
  const mask = (place: number): number =>
    file.length >= 58 + place * 4 ? file.readUInt32LE(54 + place * 4) : 0
  const hasAlpha = headerLength >= 56 || compression === 6
  const own = [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0] as const
  return {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    pixels,
    palette: hasMasks && headerLength === 40 ? palette + 12 : palette,
    paletteEntry: 4,
    masks: hasMasks ? own : (masksOf[bits] ?? none),
  }
}

const none = [0, 0, 0, 0] as const
/** Where nothing else is said: five bits a colour, or a byte. */
const masksOf: Readonly<Record<number, readonly [number, number, number, number]>> = {
  16: [0x7c00, 0x3e0, 0x1f, 0],
  32: [0xff0000, 0xff00, 0xff, 0xff000000],
}

type PixelReader = (row: number, column: number, into: Uint8Array, at: number) => void

function pixelReader(file: Buffer, { bits, palette, paletteEntry, masks }: Layout): PixelReader {
  if (bits === 24)
    return (row, column, into, at) => {
      const from = row + column * 3
      into[at] = file[from + 2]
      into[at + 1] = file[from + 1]
      into[at + 2] = file[from]
      into[at + 3] = 255
    }
  if (bits < 16)
    return (row, column, into, at) => {
      const perByte = 8 / bits
      const byte = file[row + Math.floor(column / perByte)]
      const index = (byte >> (8 - bits * ((column % perByte) + 1))) & (2 ** bits - 1)
      const entry = palette + index * paletteEntry
      into[at] = file[entry + 2] ?? 0
      into[at + 1] = file[entry + 1] ?? 0
      into[at + 2] = file[entry] ?? 0
      into[at + 3] = 255
    }
  const bytesPerPixel = bits / 8
  const channels = masks.map(channelReader)
  const hasAlpha = masks[3] !== 0
  return (row, column, into, at) => {
    const from = row + column * bytesPerPixel
    const pixel = bytesPerPixel === 2 ? file.readUInt16LE(from) : file.readUInt32LE(from)
    for (let channel = 0; channel < 3; channel++) into[at + channel] = channels[channel](pixel)
    into[at + 3] = hasAlpha ? channels[3](pixel) : 255
  }
}

/** Reads the bits of a mask as 0 to 255. */
function channelReader(mask: number): (pixel: number) => number {
  const shift = mask === 0 ? 0 : Math.log2((mask & -mask) >>> 0)
  const most = mask === 0 ? 1 : mask / 2 ** shift
  return (pixel) => Math.round((((pixel & mask) >>> 0) / 2 ** shift / most) * 255)
}
