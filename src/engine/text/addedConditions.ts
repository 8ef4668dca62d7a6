import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { AddedConditions, Model } from '../model/model.ts'

/** What a U-Net is told beside the text, as far as it listens: the guidance scale, pooled text, and sizes. */
export function addedConditions(
  { family }: Model,
  request: ResolvedRequest,
  pooled: Float32Array | null,
  negative: boolean,
): AddedConditions {
  const { guidanceScale } = request
  if (!pooled || !family.sizeIds) return { guidanceScale }
  return { pooled, timeIds: Float32Array.from(family.sizeIds(request, negative)), guidanceScale }
}
