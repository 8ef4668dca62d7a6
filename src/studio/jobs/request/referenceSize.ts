import type { ModelInfo } from '../../../shared/models/models.ts'
import type { GenerationRequest } from '../../../shared/request/request.ts'
import { namedBy, type Inputs } from '../../pictures/inputs.ts'

/** As many pixels as models are shown of a reference. */
const mostPixels = 1024 * 1024

/** A request that says no size has that of the first picture it looks at, of no more than a megapixel. */
export async function sizedByReference(
  request: GenerationRequest,
  { readsReferences, sizeMultiple: unit, minSize, maxSize }: ModelInfo,
  inputs: Inputs,
): Promise<GenerationRequest> {
  const [first] = request.references
  if (!first || !readsReferences || request.width !== null || request.height !== null) return request
  const picture = await namedBy('references.0', inputs.describe(first.id))
  const scale = Math.min(1, Math.sqrt(mostPixels / (picture.width * picture.height)))
  const side = (pixels: number): number =>
    Math.min(maxSize, Math.max(minSize, Math.floor(Math.trunc(pixels * scale) / unit) * unit))
  return { ...request, width: side(picture.width), height: side(picture.height) }
}
