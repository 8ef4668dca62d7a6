import type { ImageRecord } from '../../../shared/library/history.ts'
import { hiresSize } from '../../../shared/models/upscalers.ts'
import { limits } from '../../../shared/request/limits.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'

type Made = Pick<ImageRecord, 'request' | 'timings'>

/** What one picture takes, in ms: in the U-Net, and all that is not opening files. */
export interface ExpectedTimes {
  draw: number
  rest: number
}

/** Of how many pictures that are most like the request the middle one counts. */
const counted = 5

/**
 * What each picture of a request will take, from pictures that the same model made on the same device, newest first: their
 * time in the U-Net by evaluations and pixels of every pass, the rest by pixels of the last. Those of as many passes count before others, then those
 * that were exact or fast alike, of the same size and sampler. null where there are none.
 */
export function expectedTimes(request: ResolvedRequest, made: readonly Made[]): ExpectedTimes | null {
  const likeness = ({ request: other }: Made): number =>
    16 * Number((other.hires === null) === (request.hires === null)) +
    8 * Number(other.turbo === request.turbo) +
    4 * Number((other.fast === null) === (request.fast === null)) +
    2 * Number(other.width === request.width && other.height === request.height) +
    Number(other.sampler === request.sampler)
  const closest = Math.max(...made.map(likeness))
  const alike = made.filter((one) => likeness(one) === closest).slice(0, counted)
  if (alike.length === 0) return null
  const times = alike.map(({ request: other, timings }) => {
    const { denoise, decode, textEncode } = timings
    const draw = (denoise * work(request)) / work(other)
    return { draw, rest: ((decode + textEncode) * pixelsDrawn(request)) / pixelsDrawn(other) }
  })
  return times.toSorted((a, b) => a.draw + a.rest - b.draw - b.rest)[Math.floor(times.length / 2)]
}

/** How long a request will take, in ms; null where nothing like it was made. */
export function estimateTime(request: ResolvedRequest, made: readonly Made[]): number | null {
  const expected = expectedTimes(request, made)
  return expected && request.batchSize * (expected.draw + expected.rest)
}

/** What is left of the evaluations, about, where predictions are forecast. */
const forecastShare = 0.55

/** Pixels times evaluations of the U-Net, in all passes. */
function work(request: ResolvedRequest): number {
  const { width, height, hires } = request
  const first = width * height * evaluations(request)
  if (!hires) return first
  const steps = hires.steps || request.steps
  const guidanceScale = hires.guidanceScale ?? request.guidanceScale
  return first + pixelsDrawn(request) * evaluations({ ...request, steps, guidanceScale })
}

/** Pixels of the last pass. */
function pixelsDrawn({ width, height, hires }: ResolvedRequest): number {
  const drawn = hires ? hiresSize({ width, height }, hires, limits.size.multipleOf).result : { width, height }
  return drawn.width * drawn.height
}

/** Evaluations of the U-Net if the sampler takes one a step. */
function evaluations({ steps, guidanceScale, initImage, denoiseStrength, fast }: ResolvedRequest): number {
  const drawn = initImage ? Math.max(1, Math.round(steps * denoiseStrength)) : steps
  return drawn * (guidanceScale === 1 ? 1 : 2) * (fast?.forecast ? forecastShare : 1)
}
