import type { ImageRecord } from '../../../shared/library/history.ts'
import { isDrawn, type ResolvedRequest } from '../../../shared/request/request.ts'
import { drawnSize, enlargings } from './enlargingTime.ts'

type Made = Pick<ImageRecord, 'request' | 'timings'>

/** How long networks that enlarge take in a request, in ms; null: it is not known. */
export type EnlargingTime = (request: ResolvedRequest) => number | null

/** What one picture takes, in ms: in the U-Net, in networks that enlarge it, and all else that is not opening files. */
export interface ExpectedTimes {
  draw: number
  enlarge: number
  rest: number
}

/** Of how many pictures that are most like the request the middle one counts. */
const counted = 5

/**
 * What each picture of a request will take, from pictures that the same model drew on the same device, newest first: their
 * time in the U-Net by evaluations and pixels of every pass, the rest by pixels of the last. Those of as many passes count before
 * others, then those enlarged by as many networks, those that were exact or fast alike, of the same size and sampler. null where there
 * are none, or where it is not known how long enlarging takes.
 */
export function expectedTimes(
  request: ResolvedRequest,
  made: readonly Made[],
  enlarging: EnlargingTime,
): ExpectedTimes | null {
  const enlarge = enlarging(request)
  const drawn = made.filter((one) => isDrawn(one.request))
  const likeness = ({ request: other }: Made): number =>
    32 * Number((other.hires === null) === (request.hires === null)) +
    16 * Number(enlargings(other).length === enlargings(request).length) +
    8 * Number(other.turbo === request.turbo) +
    4 * Number((other.fast === null) === (request.fast === null)) +
    2 * Number(other.width === request.width && other.height === request.height) +
    Number(other.sampler === request.sampler)
  const closest = Math.max(...drawn.map(likeness))
  const alike = drawn.filter((one) => likeness(one) === closest).slice(0, counted)
  if (alike.length === 0 || enlarge === null) return null
  const times = alike.map(({ request: other, timings }) => {
    const { denoise, decode, textEncode } = timings
    const draw = (denoise * work(request)) / work(other)
    const expectedOfOther = enlarging(other) ?? 0
    // Enlarging took no longer than all that it is a part of.
    const enlarged = Math.min(decode, expectedOfOther)
    const rest = ((decode + textEncode - enlarged) * pixelsDrawn(request)) / pixelsDrawn(other)
    return { draw, enlarge: expectedOfOther > 0 ? (enlarge * enlarged) / expectedOfOther : enlarge, rest }
  })
  return times.toSorted((a, b) => total(a) - total(b))[Math.floor(times.length / 2)]
}

const total = ({ draw, enlarge, rest }: ExpectedTimes): number => draw + enlarge + rest

/** How long a request will take, in ms; null where nothing like it was made. */
export function estimateTime(
  request: ResolvedRequest,
  made: readonly Made[],
  enlarging: EnlargingTime,
): number | null {
  const expected = expectedTimes(request, made, enlarging)
  return expected && request.batchSize * total(expected)
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
function pixelsDrawn(request: ResolvedRequest): number {
  const { width, height } = drawnSize(request)
  return width * height
}

/** Evaluations of the U-Net if the sampler takes one a step. */
function evaluations({ steps, guidanceScale, initImage, denoiseStrength, fast }: ResolvedRequest): number {
  const drawn = initImage ? Math.max(1, Math.round(steps * denoiseStrength)) : steps
  return drawn * (guidanceScale === 1 ? 1 : 2) * (fast?.forecast ? forecastShare : 1)
}
