import { availableParallelism } from 'node:os'
import type { ImageRecord } from '../../../shared/library/history.ts'
import { hiresSize, isNetworkUpscaler, upscaledSize } from '../../../shared/models/upscalers.ts'
import { pixelsRead, type UpscalerWork } from '../../../shared/models/upscalerWork.ts'
import { limits } from '../../../shared/request/limits.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'

interface Size {
  width: number
  height: number
}

/** A picture made larger by a network. */
export interface Enlarging {
  upscaler: string
  from: Size
  to: Size
}

/** What networks that enlarge have to do, by their names; null: it is not known. */
export type UpscalerWorks = Map<string, UpscalerWork | null>

/** The size that a request draws in the end, before it is upscaled. */
export const drawnSize = ({ width, height, hires }: ResolvedRequest): Size =>
  hires ? hiresSize({ width, height }, hires, limits.size.multipleOf).result : { width, height }

/** What networks enlarge in drawing a picture, or in a job that does nothing else, of a picture of a size. */
export function enlargings(request: ResolvedRequest, picture: Size = drawnSize(request)): Enlarging[] {
  const { width, height, hires, initImage, upscale, upscaleOf } = request
  const all: Enlarging[] = []
  if (hires && !initImage && !upscaleOf) {
    const to = hiresSize({ width, height }, hires, limits.size.multipleOf).stretched
    all.push({ upscaler: hires.upscaler, from: { width, height }, to })
  }
  if (upscale)
    all.push({ upscaler: upscale.upscaler, from: picture, to: upscaledSize(picture, upscale.scale) })
  return all.filter(({ upscaler }) => isNetworkUpscaler(upscaler))
}

/** Pictures that were enlarged and not drawn, newest first. */
export type Enlarged = Pick<ImageRecord, 'request' | 'timings' | 'width' | 'height'>

/** Of how many of them the middle one counts. */
const counted = 5

/** Multiplications in a ms where nothing was measured: about what a core makes of convolutions, and a small graphics card. */
const guessed = { core: 15e6, card: 1e9 }

/**
 * How long networks enlarge on a device, in ms: as long for each pixel they read as the same one took before, else for each
 * multiplication as others took, else as a machine like this one is guessed to. null: nothing is known of one of them.
 */
export function enlargingTime(
  all: readonly Enlarging[],
  works: UpscalerWorks,
  before: readonly Enlarged[],
  device: ImageRecord['device'],
): number | null {
  const times = all.map((one) => timeOf(one, works, before, device))
  return times.includes(null) ? null : times.reduce<number>((sum, time) => sum + time!, 0)
}

function timeOf(
  { upscaler, from, to }: Enlarging,
  works: UpscalerWorks,
  before: readonly Enlarged[],
  device: ImageRecord['device'],
): number | null {
  const work = works.get(upscaler) ?? null
  const own = before.filter(({ request }) => request.upscale?.upscaler === upscaler)
  const pixels = pixelsRead(from, to, work?.scale ?? unknownScale)
  const perPixel = middle(
    own.slice(0, counted).map((picture) => picture.timings.decode / readBy(picture, work)),
  )
  if (perPixel !== null) return pixels * perPixel
  if (!work) return null
  const measured = before.slice(0, counted).flatMap((picture) => {
    const other = works.get(picture.request.upscale!.upscaler)
    return other ? [picture.timings.decode / (readBy(picture, other) * other.multiplications)] : []
  })
  return pixels * work.multiplications * (middle(measured) ?? guessedTime(device))
}

/** One that does not tell its scale is taken to reach any size in one run. */
const unknownScale = Infinity

/** Pixels that a network read to make a picture. */
function readBy({ width, height, request }: Enlarged, work: UpscalerWork | null): number {
  const { scale } = request.upscale!
  const from = { width: Math.round(width / scale), height: Math.round(height / scale) }
  return pixelsRead(from, { width, height }, work?.scale ?? unknownScale)
}

/** Of one multiplication, in ms. */
const guessedTime = (device: ImageRecord['device']): number =>
  1 / (device === 'cpu' ? guessed.core * availableParallelism() : guessed.card)

const middle = (numbers: readonly number[]): number | null =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? null
