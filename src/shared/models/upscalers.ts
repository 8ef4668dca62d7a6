import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'
import { upscaleSchema } from '../request/passes.ts'

/**
 * Ways of making a picture larger: in the latents, by a filter, or by a network that has a file. The names of the first
 * two are AUTOMATIC1111's.
 */

/** Latents stretched before a second pass; never for a finished picture. */
export const latentUpscalers = [
  'Latent',
  'Latent (antialiased)',
  'Latent (bicubic)',
  'Latent (bicubic antialiased)',
  'Latent (nearest)',
  'Latent (nearest-exact)',
] as const
export type LatentUpscaler = (typeof latentUpscalers)[number]

export const filterUpscalers = ['Lanczos', 'Nearest'] as const
export type FilterUpscaler = (typeof filterUpscalers)[number]

/** The network that ships. */
export const builtInUpscaler = 'RDN-2x'

export const isLatentUpscaler = (name: string): name is LatentUpscaler =>
  (latentUpscalers as readonly string[]).includes(name)
export const isFilterUpscaler = (name: string): name is FilterUpscaler =>
  (filterUpscalers as readonly string[]).includes(name)
/** Whether a name is that of a file. */
export const isNetworkUpscaler = (name: string): boolean => !isLatentUpscaler(name) && !isFilterUpscaler(name)

/** Pixels that an enlarged picture may have: 8192 × 8192. */
export const mostUpscaledPixels = 2 ** 26

/** A way of enlarging a finished picture: a network in a file, or a filter. */
export interface UpscalerRecord {
  name: string
  builtIn: boolean
  /** Why it cannot be used; null: it can. */
  problem: ErrorRecord | null
}

/** Which picture is to be enlarged, and how: one of the history, or else an input. */
const upscaleCallSchema = upscaleSchema.extend({
  imageId: z.string().nullable().default(null),
  inputId: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
})
type UpscaleCall = z.input<typeof upscaleCallSchema>

const upscaleTimeCallSchema = upscaleSchema.extend({ width: z.int().min(1), height: z.int().min(1) })
type UpscaleTimeCall = z.output<typeof upscaleTimeCallSchema>

/** The part of the studio's contract that is about enlarging pictures which are there already. */
export interface UpscaleCalls<Job> {
  /** What can enlarge a finished picture. */
  upscalers(): Promise<UpscalerRecord[]>
  /** Queues a picture of the history, or an input, to be enlarged; the result is a picture of its own. */
  upscale(asked: UpscaleCall): Promise<Job>
  /** How long enlarging a picture of a size will take, in ms; null: nothing is known of what enlarges it. */
  upscaleTime(asked: UpscaleTimeCall): Promise<number | null>
}

export const upscaleCallSchemas = {
  upscalers: z.tuple([]),
  upscale: z.tuple([upscaleCallSchema]),
  upscaleTime: z.tuple([upscaleTimeCallSchema]),
} as const

interface Size {
  width: number
  height: number
}

/** The size of a picture after it was enlarged. */
export const upscaledSize = ({ width, height }: Size, scale: number): Size => ({
  width: Math.round(width * scale),
  height: Math.round(height * scale),
})

/** What the second pass works on: the size that the first picture is stretched to, and the size that is cut out of it. */
export interface HiresSize {
  stretched: Size
  result: Size
}

/**
 * The size of a second pass as AUTOMATIC1111 has it (StableDiffusionProcessingTxt2Img.calculate_target_resolution):
 * by a factor, or to a width or a height or both, in which case what is too much is cut off. In whole latents of `unit`
 * pixels.
 */
export function hiresSize(
  { width, height }: Size,
  hires: { scale: number; width: number | null; height: number | null },
  unit: number,
): HiresSize {
  const whole = (size: Size): Size => ({
    width: Math.floor(size.width / unit) * unit,
    height: Math.floor(size.height / unit) * unit,
  })
  const wide = { width: hires.width ?? 0, height: Math.floor(((hires.width ?? 0) * height) / width) }
  const high = { width: Math.floor(((hires.height ?? 0) * width) / height), height: hires.height ?? 0 }
  if (hires.width === null && hires.height === null) {
    const scaled = whole({ width: Math.trunc(width * hires.scale), height: Math.trunc(height * hires.scale) })
    return { stretched: scaled, result: scaled }
  }
  if (hires.width === null || hires.height === null) {
    const fitted = whole(hires.width === null ? high : wide)
    return { stretched: fitted, result: fitted }
  }
  // The picture covers the size that is asked for.
  const covering = width / height < hires.width / hires.height ? wide : high
  const result = whole({ width: hires.width, height: hires.height })
  const stretched = whole(covering)
  return {
    stretched: {
      width: Math.max(stretched.width, result.width),
      height: Math.max(stretched.height, result.height),
    },
    result,
  }
}
