import type { ResolvedRequest } from '../../shared/request.ts'
import type { AddedConditions, Model } from '../model/model.ts'

/** The aesthetic scores SDXL's refiner is told for what is wanted and what is not (its published defaults). */
const aestheticScore = { positive: 6, negative: 2.5 }

/**
 * What a U-Net is told beside the text, as far as it listens: the guidance scale; for SDXL pooled text, original size,
 * crop and target size (Podell et al. 2023, 2.2).
 */
export function addedConditions(
  { conditioning }: Model,
  { width, height, sizeConditioning, guidanceScale }: ResolvedRequest,
  pooled: Float32Array | null,
  negative: boolean,
): AddedConditions {
  if (!pooled || (conditioning !== 'sdxl' && conditioning !== 'sdxl-refiner')) return { guidanceScale }
  const plain = {
    originalWidth: width,
    originalHeight: height,
    cropLeft: 0,
    cropTop: 0,
    targetWidth: width,
    targetHeight: height,
  }
  const { originalWidth, originalHeight, cropLeft, cropTop, targetWidth, targetHeight } =
    sizeConditioning ?? plain
  const score = negative ? aestheticScore.negative : aestheticScore.positive
  const tail = conditioning === 'sdxl' ? [targetHeight, targetWidth] : [score]
  const timeIds = Float32Array.from([originalHeight, originalWidth, cropTop, cropLeft, ...tail])
  return { pooled, timeIds, guidanceScale }
}
