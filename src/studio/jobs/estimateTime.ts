import type { ImageRecord } from '../../shared/history.ts'
import type { ResolvedRequest } from '../../shared/request.ts'

type Made = Pick<ImageRecord, 'request' | 'timings' | 'width' | 'height'>

/** Of how many pictures that are most like the request the middle one counts. */
const counted = 5

/**
 * How long a request will take, in ms, from pictures that the same model made on the same device, newest first: their
 * time in the U-Net by evaluations and pixels, the rest by pixels. Those that were exact or fast alike, of the same size and
 * sampler count before others. null where there are none.
 */
export function estimateTime(request: ResolvedRequest, made: readonly Made[]): number | null {
  const likeness = ({ request: other, width, height }: Made): number =>
    8 * Number(other.turbo === request.turbo) +
    4 * Number((other.fast === null) === (request.fast === null)) +
    2 * Number(width === request.width && height === request.height) +
    Number(other.sampler === request.sampler)
  const closest = Math.max(...made.map(likeness))
  const alike = made.filter((one) => likeness(one) === closest).slice(0, counted)
  if (alike.length === 0) return null
  const pixels = request.width * request.height
  const times = alike.map(({ request: other, timings, width, height }) => {
    const { denoise, decode, textEncode } = timings
    const scale = pixels / (width * height)
    return scale * (decode + textEncode + (denoise * evaluations(request)) / evaluations(other))
  })
  return request.batchSize * times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]
}

/** What is left of the evaluations, about, where predictions are forecast. */
const forecastShare = 0.55

/** Evaluations of the U-Net if the sampler takes one a step. */
function evaluations({ steps, guidanceScale, initImage, denoiseStrength, fast }: ResolvedRequest): number {
  const drawn = initImage ? Math.max(1, Math.round(steps * denoiseStrength)) : steps
  return drawn * (guidanceScale === 1 ? 1 : 2) * (fast?.forecast ? forecastShare : 1)
}
