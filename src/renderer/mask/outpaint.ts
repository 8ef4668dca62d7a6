import { inpaintSchema, outpaintedSize, type Outpaint } from '../../shared/request/inpaint.ts'
import { limits } from '../../shared/request/limits.ts'
import type { GenerationRequest } from '../../shared/request/request.ts'

/** Adding to the sides of the picture to start from. */

export type Side = keyof Outpaint
export const sides: readonly Side[] = ['left', 'top', 'right', 'bottom']
export const nothingAdded: Outpaint = { left: 0, top: 0, right: 0, bottom: 0 }
/** Sides grow by whole latents. */
export const outpaintStep = 8

interface Size {
  width: number
  height: number
}

/** What a size of the request has to be for the model that is chosen. */
export interface Sizes {
  max: number
  multipleOf: number
}

/**
 * The request with a side of its picture set to so many further pixels. Where the request was of the picture's size it stays
 * so as far as the model can make that; else the masked area alone is painted, and the picture keeps its size.
 */
export function withSide(
  request: GenerationRequest & Size,
  picture: Size,
  { side, pixels, sizes }: { side: Side; pixels: number; sizes: Sizes },
): GenerationRequest {
  const before = request.inpaint?.outpaint ?? nothingAdded
  const rounded = Math.round(pixels / outpaintStep) * outpaintStep
  const now = { ...before, [side]: Math.min(limits.outpaint.max, Math.max(0, rounded)) }
  const outpaint = sides.some((of) => now[of] > 0) ? now : null
  // What is added has no picture yet to begin from.
  const inpaint = { ...(request.inpaint ?? inpaintSchema.parse({ content: 'fill' })), outpaint }
  const [was, size] = [outpaintedSize(picture, before), outpaintedSize(picture, outpaint)]
  const follows = inpaint.area === 'whole' && was.width === request.width && was.height === request.height
  const { max, multipleOf } = sizes
  const canBe = [size.width, size.height].every((length) => length <= max && length % multipleOf === 0)
  if (follows && canBe) return { ...request, ...size, inpaint }
  return { ...request, inpaint: { ...inpaint, area: 'masked' } }
}
