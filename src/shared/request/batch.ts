import { normalSeed, type Seed } from './seed.ts'
import type { ResolvedRequest, SeedConvention } from './request.ts'

/** A batch as a sequence of images: what each of them has for itself. */

/** Whether a batch is one draw of noise and image k its k-th part. Elsewhere image k has seed + k. */
export const isOneDraw = (convention: SeedConvention): boolean =>
  convention === 'ComfyUI' || convention === 'diffusers'

const seedRange = 2n ** 64n
const shifted = (seed: Seed, by: number): bigint => (BigInt(seed) + BigInt(by)) % seedRange

/** What draws image `index` of a request, counted from the request's own first image, again alone. */
export interface ImageOrigin {
  seed: Seed
  batchStart: number
  batchOf: number | null
  variationSeed: Seed | null
}

export function imageOrigin(request: ResolvedRequest, index: number): ImageOrigin {
  const perImage = !isOneDraw(request.seedConvention)
  const isVaried = request.variationStrength > 0
  // AUTOMATIC1111 keeps the seed and counts the variation seed up where there is a variation.
  const seed = shifted(request.seed, perImage && !isVaried ? index : 0)
  const variationSeed = isVaried
    ? normalSeed(shifted(request.variationSeed ?? 0, perImage ? index : 0))
    : null
  return {
    seed: normalSeed(seed),
    batchStart: perImage ? 0 : request.batchStart + index,
    batchOf: perImage ? null : (request.batchOf ?? request.batchStart + request.batchSize),
    variationSeed: variationSeed ?? request.variationSeed,
  }
}

/** The request with the prompts of image `index`, which a batch may have one of for each. */
export function withPromptsOf(request: ResolvedRequest, index: number): ResolvedRequest {
  const { hires: inSecondPass, ...own } = request.batchPrompts?.[index] ?? { hires: null }
  const hires = request.hires && { ...request.hires, ...inSecondPass }
  return { ...request, ...own, hires, batchPrompts: null }
}
