import type { Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import { mostUpscaledPixels, type FilterUpscaler } from '../../shared/models/upscalers.ts'
import { isRunAgain, tiling } from '../../shared/models/upscalerWork.ts'
import { resample } from '../picture/resample.ts'
import { overTiles, type BeforePart, type Planes } from '../picture/tiles.ts'
import type { Upscaler } from './upscaler.ts'

interface Size {
  width: number
  height: number
}

/**
 * A picture enlarged to a size: by a network, as often as needed, then by Lanczos' filter to the very size; or by a
 * filter alone. `beforeTile` is told how many tiles of how many are done, and may throw to end it. Throws `bad-request` for
 * more pixels than can be held.
 */
export async function enlarge(
  picture: Pixels,
  size: Size,
  by: Upscaler | FilterUpscaler,
  beforeTile: BeforePart = () => {},
): Promise<Pixels> {
  if (by === 'Nearest') return resized(picture, size, 'nearest-exact')
  if (by === 'Lanczos') return resized(picture, size, 'lanczos')
  let larger = picture
  for (let run = 0; isRunAgain(larger, size, run, by.scale); run++)
    larger = await throughNetwork(larger, by, beforeTile)
  return resized(larger, size, 'lanczos')
}

function resized(picture: Pixels, { width, height }: Size, filter: 'lanczos' | 'nearest-exact'): Pixels {
  if (picture.width === width && picture.height === height) return picture
  const resampling = filter === 'lanczos' ? { filter, antialias: true } : { filter }
  return toPixels(resample(toPlanes(picture), height, width, resampling))
}

async function throughNetwork(picture: Pixels, upscaler: Upscaler, beforeTile: BeforePart): Promise<Pixels> {
  const { scale, multiple, tile } = upscaler
  const { width, height } = picture
  if (width * height * scale ** 2 > mostUpscaledPixels)
    throw new StudioError(
      'bad-request',
      `The upscaler makes ${width}×${height} pixels ${scale} times as wide and high, ${width * scale}×${height * scale}, before they are brought to size; at most ${mostUpscaledPixels / 2 ** 20} million pixels can be made. Take a smaller picture, or an upscaler of a smaller scale.`,
    )
  const size = tile ?? tiling.size
  const padded = paddedTo(toPlanes(picture), {
    height: tile === null ? roundedUp(height, multiple) : Math.max(tile, height),
    width: tile === null ? roundedUp(width, multiple) : Math.max(tile, width),
  })
  const answer = await overTiles(
    padded,
    { size, overlap: Math.min(tiling.overlap, Math.floor(size / 4)) },
    async ({ data, height, width }) => ({
      data: await upscaler.run(data, height, width),
      channels: 3,
      height: height * scale,
      width: width * scale,
    }),
    beforeTile,
  )
  return toPixels(answer, { width: width * scale, height: height * scale })
}

const roundedUp = (length: number, multiple: number): number => Math.ceil(length / multiple) * multiple

/** Planes [3, height, width] in 0..1. */
function toPlanes({ width, height, data }: Pixels): Planes {
  const area = width * height
  const planes = new Float32Array(3 * area)
  for (let i = 0; i < area; i++)
    for (let colour = 0; colour < 3; colour++) planes[colour * area + i] = data[i * 3 + colour] / 255
  return { data: planes, channels: 3, height, width }
}

/** What lies at the top left of planes in 0..1, rounded and clipped; all of them by default. */
function toPixels(planes: Planes, { width, height }: Size = planes): Pixels {
  const data = new Uint8Array(3 * width * height)
  for (let colour = 0; colour < 3; colour++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const value = planes.data[(colour * planes.height + y) * planes.width + x]
        data[(y * width + x) * 3 + colour] = Math.min(255, Math.max(0, Math.round(value * 255)))
      }
  return { width, height, data }
}

/** A picture that goes on to the right and downwards as it ends there. */
function paddedTo(picture: Planes, { width, height }: Size): Planes {
  if (picture.width === width && picture.height === height) return picture
  const data = new Float32Array(picture.channels * height * width)
  for (let line = 0; line < picture.channels * height; line++) {
    const [channel, y] = [Math.floor(line / height), Math.min(picture.height - 1, line % height)]
    const from = (channel * picture.height + y) * picture.width
    for (let x = 0; x < width; x++)
      data[line * width + x] = picture.data[from + Math.min(picture.width - 1, x)]
  }
  return { data, channels: picture.channels, height, width }
}
