import { z } from 'zod'
import { limits } from './limits.ts'

/** Whether the whole picture is painted at the request's size, or the masked area alone at that size and put back. */
export const inpaintAreas = ['whole', 'masked'] as const

/** What lies under the mask when painting begins (AUTOMATIC1111's "Masked content"). */
export const maskedContents = ['fill', 'original', 'noise', 'nothing'] as const
export type MaskedContent = (typeof maskedContents)[number]

const { maskBlur, maskPadding, outpaint } = limits
const side = z.number().int().min(0).max(outpaint.max).default(0)

/** How a part of a picture is painted anew; names, meaning and defaults are AUTOMATIC1111's. */
export const inpaintSchema = z.object({
  area: z.enum(inpaintAreas).default('whole'),
  /** Pixels around the masked area that are looked at too. Only with the area "masked". */
  padding: z.number().int().min(0).max(maskPadding.max).default(32),
  content: z.enum(maskedContents).default('original'),
  /** Standard deviation, in pixels of the result, by which the edge of the mask is blurred. */
  maskBlur: z.number().min(0).max(maskBlur.max).default(4),
  /** Grey in the mask is a strength of its own: half white is painted in the second half of the noise alone. */
  soft: z.boolean().default(false),
  /** Outpainting: pixels added to the sides of the picture, which are painted too. */
  outpaint: z.object({ left: side, top: side, right: side, bottom: side }).nullable().default(null),
})
export type Inpaint = z.output<typeof inpaintSchema>
export type Outpaint = NonNullable<Inpaint['outpaint']>

/** The size of a picture with what is added to its sides. */
export const outpaintedSize = (
  { width, height }: { width: number; height: number },
  outpaint: Outpaint | null | undefined,
): { width: number; height: number } => ({
  width: width + (outpaint ? outpaint.left + outpaint.right : 0),
  height: height + (outpaint ? outpaint.top + outpaint.bottom : 0),
})

/** Whether a request has something that is painted under a mask. */
export const isInpainted = ({
  initImage,
  mask,
  inpaint,
}: {
  initImage: object | null
  mask: object | null
  inpaint: Inpaint | null
}): boolean => initImage !== null && (mask !== null || (inpaint?.outpaint ?? null) !== null)
