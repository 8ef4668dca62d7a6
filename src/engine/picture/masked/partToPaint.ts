import type { Pixels } from '../../../shared/engine/engineContract.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { Inpaint } from '../../../shared/request/inpaint.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { resample } from '../resample.ts'
import type { Planes } from '../tiles.ts'
import { cut, inShapeOf, laidInto, maskedArea, placedIn, type Area } from './area.ts'
import { blurredMask } from './blur.ts'
import { filled } from './fill.ts'

/** What is painted of a picture, at the request's size, and how it gets back into that picture. */
export interface PartToPaint {
  initImage: Pixels | null
  /** Grey where its edge was blurred. */
  mask: Pixels | null
  /** The finished picture: the given one, pixel for pixel, where the mask is black. */
  putInto(painted: Pixels): Pixels
}

interface Given {
  request: Pick<ResolvedRequest, 'inpaint' | 'width' | 'height'>
  initImage: Pixels | null
  mask: Pixels | null
}

/**
 * Cuts the masked area out of a picture where that alone is painted, blurs the mask's edge and fills what lies under it, as
 * AUTOMATIC1111 does (processing.py, StableDiffusionProcessingImg2Img.init). Throws `bad-request` for a mask that is black.
 */
export function partToPaint({ request, initImage, mask }: Given): PartToPaint {
  const { inpaint, width, height } = request
  if (!inpaint || !initImage || !mask) return { initImage, mask, putInto: (painted) => painted }
  const blurred = blurredMask(levels(mask, whole(mask), 1), inpaint.maskBlur)
  const area = areaOf(blurred, inpaint, { width, height })
  const place = placedIn(area, { width, height })
  const brought = (planes: Planes): Planes => laidInto(scaledTo(planes, place), place, { width, height })
  const shown = brought(cut(blurred, area))
  const part = brought(levels(initImage, area, 3))
  return {
    initImage: pixels(inpaint.content === 'fill' ? filled(part, shown) : part),
    mask: pixels(shown),
    putInto(painted) {
      const back = scaledTo(levels(painted, place, 3), area)
      return blended(initImage, back, area, opacity(blurred, inpaint))
    },
  }
}

/** The whole picture, or what of it is looked at when only the masked area is painted. */
function areaOf(mask: Planes, { area, padding }: Inpaint, painted: { width: number; height: number }): Area {
  const masked = maskedArea(mask, padding)
  if (masked) return area === 'masked' ? inShapeOf(masked, painted, mask) : whole(mask)
  throw new StudioError(
    'bad-request',
    'mask: is black everywhere, so nothing would be painted. Make white what is to be painted anew.',
  )
}

const whole = ({ width, height }: { width: number; height: number }): Area => ({
  left: 0,
  top: 0,
  width,
  height,
})

function scaledTo(planes: Planes, { width, height }: { width: number; height: number }): Planes {
  if (planes.width === width && planes.height === height) return planes
  return resample(planes, height, width, { filter: 'lanczos', antialias: true })
}

/** How much of what was painted is seen: all of it from half white on, where the whole is painted at once or softly. */
const opacity = ({ data }: Planes, { area, soft }: Inpaint): Float32Array =>
  data.map((level) => (area === 'whole' || soft ? Math.min(255, 2 * level) : level) / 255)

function blended(picture: Pixels, painted: Planes, area: Area, opacity: Float32Array): Pixels {
  const data = picture.data.slice()
  const size = area.width * area.height
  for (let y = 0; y < area.height; y++)
    for (let x = 0; x < area.width; x++) {
      const to = (area.top + y) * picture.width + area.left + x
      const share = opacity[to]
      if (share === 0) continue
      for (let colour = 0; colour < 3; colour++) {
        const level = painted.data[colour * size + y * area.width + x]
        data[to * 3 + colour] = within256(share * level + (1 - share) * data[to * 3 + colour])
      }
    }
  return { ...picture, data }
}

const within256 = (level: number): number => Math.min(255, Math.max(0, Math.round(level)))

/** The first channels of an area of 8-bit RGB as planes in levels of 256. */
function levels(picture: Pixels, { left, top, width, height }: Area, channels: number): Planes {
  const data = new Float32Array(channels * width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = ((top + y) * picture.width + left + x) * 3
      for (let channel = 0; channel < channels; channel++)
        data[(channel * height + y) * width + x] = picture.data[from + channel]
    }
  return { data, channels, width, height }
}

/** Levels as 8-bit RGB; one channel is grey. */
function pixels({ data, channels, width, height }: Planes): Pixels {
  const area = width * height
  const rgb = new Uint8Array(3 * area)
  for (let i = 0; i < area; i++)
    for (let colour = 0; colour < 3; colour++)
      rgb[i * 3 + colour] = within256(data[(colour % channels) * area + i])
  return { width, height, data: rgb }
}
