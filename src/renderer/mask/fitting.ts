import { outpaintedSize, type Outpaint } from '../../shared/request/inpaint.ts'
import type { ResizeMode } from '../../shared/request/request.ts'

interface Size {
  width: number
  height: number
}

/** How a picture of one shape is brought to another. */
export interface Fitting {
  mode: ResizeMode
  /** What it is brought to, in pixels. */
  result: Size
  /** All that is seen, in shares of the result: the picture where that is cut, else the result. */
  sheet: Size
  /** How far the edges of the picture lie inside the sheet, in shares of that. */
  inset: Outpaint
  /** The share of the picture that is cut away, of the result that is added, or by which it is stretched. */
  change: number
}

/** Shapes that differ by less are the same: sides are multiples of some pixels. */
const sameShape = 0.01

/**
 * How a picture, with what is added to its sides, is brought to a size; null where it has that shape.
 * @param picture its size in pixels, without what is added
 */
export function fittingOf(
  picture: Size,
  { added, result, mode }: { added: Outpaint; result: Size; mode: ResizeMode },
): Fitting | null {
  const whole = outpaintedSize(picture, added)
  const [shape, wanted] = [whole.width / whole.height, result.width / result.height]
  if (Math.abs(shape - wanted) <= sameShape) return null
  const wider = shape / wanted
  const least = Math.min(wider, 1 / wider)
  /** The whole picture in shares of the result. */
  const size = {
    crop: { width: Math.max(1, wider), height: Math.max(1, 1 / wider) },
    fit: { width: Math.min(1, wider), height: Math.min(1, 1 / wider) },
    stretch: { width: 1, height: 1 },
  }[mode]
  const sheet = { width: Math.max(1, size.width), height: Math.max(1, size.height) }
  const insetOf = (side: keyof Outpaint, along: 'width' | 'height'): number =>
    ((sheet[along] - size[along]) / 2 + (added[side] / whole[along]) * size[along]) / sheet[along]
  const inset = {
    left: insetOf('left', 'width'),
    top: insetOf('top', 'height'),
    right: insetOf('right', 'width'),
    bottom: insetOf('bottom', 'height'),
  }
  return { mode, result, sheet, inset, change: mode === 'stretch' ? 1 / least - 1 : 1 - least }
}
