import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { ResizeMode } from '../../shared/request/request.ts'
import { decodeBmp, isBmp } from './bmp.ts'
import { unreadKind } from './pictureKind.ts'
import { withinTime } from '../models/folders/timeLimit.ts'

/** 16384 × 16384 pixels, and what they may unpack to, in bytes: 134 million of them as RGBA, above every camera. */
const pixelLimit = 2 ** 28
const mostUnpacked = 2 ** 29
const safely = { limitInputPixels: pixelLimit, failOn: 'truncated' } as const
/** How long one may be worked on, in seconds. */
const longest = 30
const thumbnailSide = 384
const white = '#ffffff'

// Drawings (SVG, PDF) are programs as much as pictures: small ones can run for minutes and fill the memory.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((format) => `VipsForeignLoad${format}`),
})

/** PNG of 8-bit RGB pixels, without any metadata. */
export const encodePng = (pixels: Pixels): Promise<Buffer> => fromPixels(pixels).png().toBuffer()

/** A preview as JPEG with full colour resolution, at its own size: WebP takes four times as long. */
export const encodePreview = (pixels: Pixels): Promise<Buffer> =>
  fromPixels(pixels).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()

/** Frames of one size as an animation that begins again at its end. */
export function encodeFilm(
  frames: readonly Pixels[],
  format: 'webp' | 'gif',
  framesASecond: number,
): Promise<Buffer> {
  const { width, height } = frames[0]
  const film = sharp(Buffer.concat(frames.map(({ data }) => data)), {
    raw: { width, height: height * frames.length, channels: 3, pageHeight: height },
    limitInputPixels: false,
  })
  const playing = { loop: 0, delay: frames.map(() => Math.round(1000 / framesASecond)) }
  return (format === 'gif' ? film.gif(playing) : film.webp({ ...playing, quality: 90 })).toBuffer()
}

/** A small WebP of a picture, at most 384 pixels a side. */
export const encodeThumbnail = (picture: string | Uint8Array): Promise<Buffer> =>
  open(picture)
    .autoOrient()
    .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()

/** A picture pressed into a square of grey pixels, row by row; transparency on white. */
export const readGrey = (picture: string, side: number): Promise<Buffer> =>
  openPicture(picture)
    .resize(side, side, { fit: 'fill' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer()

/** The same pixels as JPEG (quality 95, full colour resolution) or as lossless WebP, without any metadata. */
export const convert = (picture: Uint8Array, format: 'jpeg' | 'webp'): Promise<Buffer> =>
  format === 'jpeg'
    ? sharp(picture).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
    : sharp(picture).webp({ lossless: true }).toBuffer()

/** The same pixels, nearly, as AVIF (quality 90, full colour resolution) with the EXIF of the picture given. */
export const convertToAvif = (picture: Uint8Array): Promise<Buffer> =>
  sharp(picture).keepExif().avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()

/** PNG of any picture sharp reads, for browsers that cannot show its own format. */
export const convertToPng = (picture: string | Uint8Array): Promise<Buffer> =>
  openPicture(picture).png().toBuffer()

/** White where a picture is transparent, black elsewhere, as PNG; null for one without transparency. Throws `bad-init-image`. */
export async function whereTransparent(picture: Uint8Array, name: string): Promise<Buffer | null> {
  await checkPicture(picture, name)
  const read = sharp(picture)
  if (!(await read.metadata()).hasAlpha) return null
  return read.extractChannel('alpha').negate().png().toBuffer()
}

/** Decodes a whole picture and answers its size as it is looked at; throws `bad-init-image`, naming `name`. */
export async function checkPicture(
  picture: Uint8Array,
  name: string,
): Promise<{ width: number; height: number }> {
  const { width, height } = await headerOf(picture, name)
  try {
    // Averages over all pixels, of which none is kept.
    await open(picture).resize(8, 8, { fit: 'fill' }).raw().toBuffer()
    return { width, height }
  } catch (error) {
    throw badPicture(error, name, picture)
  }
}

/** 5793 × 5793: unpacked in about a second, during which nothing else is done. */
const mostBmpPixels = 2 ** 25

/** A Windows bitmap, which sharp does not read, as PNG with the same pixels; other pictures as they are. */
export async function withoutBmp(picture: Uint8Array, name: string): Promise<Uint8Array> {
  if (!isBmp(picture)) return picture
  const { width, height, data } = decodeBmp(picture, mostBmpPixels, (why) => {
    const message = `${name} is a Windows bitmap (BMP) that cannot be used to start from: ${why}. ${takenKinds}`
    return new StudioError('bad-init-image', message)
  })
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer()
}

/** Format and size of a picture from its header, orientation applied; throws `bad-init-image`. */
export const pictureHeader = (picture: string | Uint8Array, name = 'The picture'): Promise<PictureHeader> =>
  headerOf(picture, typeof picture === 'string' ? picture : name)

interface PictureHeader {
  format: string
  width: number
  height: number
}

async function headerOf(picture: string | Uint8Array, name: string): Promise<PictureHeader> {
  const header = await metadata(picture).catch((error: unknown) => {
    throw isDrawing(picture) ? drawing(name) : badPicture(error, name, picture)
  })
  const { width, height, channels, depth, format } = header
  const unpacked = width * height * channels * (bytesOfDepth[depth] ?? 4)
  if (width * height > pixelLimit || unpacked > mostUnpacked) {
    const message = `${name} cannot be used to start from: it has ${width}×${height} pixels and unpacks to ${mebibytes(unpacked)} MiB; at most 268 million pixels and ${mebibytes(mostUnpacked)} MiB can be used. Save it smaller and try again.`
    throw new StudioError('bad-init-image', message)
  }
  return { format, ...header.autoOrient }
}

/** The header, which texts that are packed into it may make long. */
async function metadata(picture: string | Uint8Array): Promise<Metadata> {
  const read = sharp(picture, { ...safely, limitInputPixels: false }).metadata()
  const header = await withinTime(read, longest * 1000, null)
  if (header) return header
  throw new Error('timeout')
}

const bytesOfDepth: Record<string, number> = { uchar: 1, char: 1, ushort: 2, short: 2 }

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

/** Whether these bytes begin as markup does, or as something compressed: an SVG, plain or zipped. */
const isDrawing = (picture: string | Uint8Array): boolean =>
  typeof picture !== 'string' &&
  (/^(\ufeff|\s)*<(\?xml|!|svg)/i.test(Buffer.from(picture.subarray(0, 256)).toString('utf8')) ||
    (picture[0] === 0x1f && picture[1] === 0x8b))

const drawing = (name: string): StudioError =>
  new StudioError(
    'bad-init-image',
    `${name} is a drawing (SVG), which has no pixels to start from. Export it as PNG from the program you draw with, then choose that.`,
  )

/**
 * Reads a picture in any format sharp knows, or takes its pixels, and brings it to width × height: orientation applied,
 * transparency on white, sRGB. `crop` cuts the longer edges evenly, `fit` keeps all of it and continues its edges outwards,
 * `stretch` gives up its shape. Throws `bad-init-image`.
 */
export async function readPicture(
  picture: string | Pixels,
  width: number,
  height: number,
  mode: ResizeMode,
): Promise<Pixels> {
  try {
    const resized =
      mode === 'fit' ? await fitInside(picture, width, height) : resizeTo(picture, width, height, mode)
    const data = await resized.toColourspace('srgb').removeAlpha().raw({ depth: 'uchar' }).toBuffer()
    return { width, height, data: new Uint8Array(data) }
  } catch (error) {
    throw badPicture(error, typeof picture === 'string' ? picture : 'The picture')
  }
}

const resizeTo = (picture: string | Pixels, width: number, height: number, mode: 'crop' | 'stretch'): Sharp =>
  taken(picture).resize(width, height, { fit: mode === 'crop' ? 'cover' : 'fill' })

async function fitInside(picture: string | Pixels, width: number, height: number): Promise<Sharp> {
  const inside = taken(picture).resize(width, height, { fit: 'inside' })
  const { data, info } = await inside.raw().toBuffer({ resolveWithObject: true })
  const left = Math.floor((width - info.width) / 2)
  const top = Math.floor((height - info.height) / 2)
  const right = width - info.width - left
  const bottom = height - info.height - top
  const { width: fittedWidth, height: fittedHeight, channels } = info
  const raw = { width: fittedWidth, height: fittedHeight, channels }
  return sharp(data, { raw }).extend({ left, top, right, bottom, extendWith: 'copy' })
}

const fromPixels = ({ data, width, height }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } })

/** A picture as large as it fits into width × height, not enlarged, on a ground of one colour. */
export const readFitted = (
  path: string,
  size: { width: number; height: number },
  ground: string,
): Promise<Pixels> =>
  toPixels(
    open(path)
      .resize({ ...size, fit: 'contain', background: ground, withoutEnlargement: true })
      .flatten({ background: ground }),
  )

export async function toPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

const open = (picture: string | Uint8Array): Sharp => sharp(picture, safely).timeout({ seconds: longest })

const taken = (picture: string | Pixels): Sharp =>
  typeof picture === 'string' ? openPicture(picture) : fromPixels(picture)

const openPicture = (picture: string | Uint8Array): Sharp =>
  open(picture).autoOrient().flatten({ background: white }).toColourspace('srgb')

const takenKinds = 'Save it as PNG, JPEG, WebP, AVIF, GIF, TIFF or plain BMP, and choose that.'

function badPicture(error: unknown, name: string, picture: string | Uint8Array = ''): StudioError {
  const kind = typeof picture === 'string' ? null : unreadKind(picture)
  if (kind) {
    const message = `${name} is ${kind}, which cannot be read here. ${takenKinds}`
    return new StudioError('bad-init-image', message, { cause: error })
  }
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
  const message = reason.startsWith('timeout')
    ? `${name} cannot be used to start from: it takes more than ${longest} seconds to unpack. Save it smaller, or as PNG, and try again.`
    : `${name} cannot be used to start from: it is missing, damaged, or not a picture (${reason}). Choose a PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP file.`
  return new StudioError('bad-init-image', message, { cause: error })
}

/** 8192 × 8192: decoded in about a second. */
const storedPixelLimit = 2 ** 26
const asStored = { limitInputPixels: storedPixelLimit, ignoreIcc: true, failOn: 'none' } as const
const secondsLimit = 5

/** Format and size of a picture as its file has it, not turned; undefined for what is no picture. */
export async function storedShape(
  picture: Uint8Array,
): Promise<{ format: string; width: number; height: number; hasAlpha: boolean } | undefined> {
  // sharp throws at once for no bytes at all, and rejects for all else that is no picture.
  if (picture.length === 0) return undefined
  const header = await sharp(picture, asStored)
    .metadata()
    .catch(() => undefined)
  return header && { ...header, format: header.format ?? '' }
}

/**
 * The pixels at the top left as the file has them: rows of 8-bit channels, colours as they are written. undefined for
 * a picture that cannot be decoded, has more than 67 million pixels, or takes more than 5 s.
 */
export async function readTopLeft(
  picture: Uint8Array,
  columns: number,
  rows: number,
): Promise<{ data: Buffer; channels: number } | undefined> {
  const decoded = await sharp(picture, asStored)
    .timeout({ seconds: secondsLimit })
    .extract({ left: 0, top: 0, width: columns, height: rows })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined)
  return decoded && { data: decoded.data, channels: decoded.info.channels }
}
