import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Pixels } from '../shared/engineContract.ts'
import { StudioError } from '../shared/errors.ts'
import type { ResizeMode } from '../shared/request.ts'

/** 16384 × 16384: above every camera, below what fills the memory. */
const pixelLimit = 2 ** 28
const safely = { limitInputPixels: pixelLimit, failOn: 'truncated' } as const
const thumbnailSide = 384
const white = '#ffffff'

/** PNG of 8-bit RGB pixels, without any metadata. */
export const encodePng = (pixels: Pixels): Promise<Buffer> => fromPixels(pixels).png().toBuffer()

/** A preview as WebP, at its own size. */
export const encodePreview = (pixels: Pixels): Promise<Buffer> =>
  fromPixels(pixels).webp({ quality: 90 }).toBuffer()

/** A small WebP of a picture, at most 384 pixels a side. */
export const encodeThumbnail = (path: string): Promise<Buffer> =>
  sharp(path, safely)
    .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()

/** The same pixels as JPEG (quality 95, full colour resolution) or as lossless WebP, without any metadata. */
export const convert = (picture: Uint8Array, format: 'jpeg' | 'webp'): Promise<Buffer> =>
  format === 'jpeg'
    ? sharp(picture).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
    : sharp(picture).webp({ lossless: true }).toBuffer()

/** PNG of any picture sharp reads, for browsers that cannot show its own format. */
export const convertToPng = (path: string): Promise<Buffer> => openPicture(path).png().toBuffer()

/** Decodes a whole picture and answers its size as it is looked at; throws `bad-init-image`, naming `name`. */
export async function checkPicture(
  picture: Uint8Array,
  name: string,
): Promise<{ width: number; height: number }> {
  try {
    const opened = sharp(picture, safely)
    // Statistics read every pixel and keep none.
    await opened.stats()
    return (await opened.metadata()).autoOrient
  } catch (error) {
    throw badPicture(error, name)
  }
}

/** Format and size of a picture from its header, orientation applied; throws `bad-init-image`. */
export async function pictureHeader(
  path: string,
): Promise<{ format: string; width: number; height: number }> {
  try {
    const header: Metadata = await sharp(path, safely).metadata()
    return { format: header.format ?? '', ...header.autoOrient }
  } catch (error) {
    throw badPicture(error, path)
  }
}

/**
 * Reads a picture in any format sharp knows and brings it to width × height: orientation applied, transparency
 * on white, sRGB. `crop` cuts the longer edges evenly, `fit` keeps all of it and continues its edges outwards,
 * `stretch` gives up its shape. Throws `bad-init-image`.
 */
export async function readPicture(
  path: string,
  width: number,
  height: number,
  mode: ResizeMode,
): Promise<Pixels> {
  try {
    const resized =
      mode === 'fit' ? await fitInside(path, width, height) : resizeTo(path, width, height, mode)
    const data = await resized.toColourspace('srgb').removeAlpha().raw({ depth: 'uchar' }).toBuffer()
    return { width, height, data: new Uint8Array(data) }
  } catch (error) {
    throw badPicture(error, path)
  }
}

const resizeTo = (path: string, width: number, height: number, mode: 'crop' | 'stretch'): Sharp =>
  openPicture(path).resize(width, height, { fit: mode === 'crop' ? 'cover' : 'fill' })

async function fitInside(path: string, width: number, height: number): Promise<Sharp> {
  const inside = openPicture(path).resize(width, height, { fit: 'inside' })
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

const openPicture = (picture: string | Uint8Array): Sharp =>
  sharp(picture, safely).autoOrient().flatten({ background: white }).toColourspace('srgb')

function badPicture(error: unknown, name: string): StudioError {
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
  const message = `${name} cannot be used to start from: it is missing, damaged, or not a picture (${reason}). Choose a PNG, JPEG, WebP, AVIF, GIF or TIFF file of at most 268 million pixels.`
  return new StudioError('bad-init-image', message, { cause: error })
}
