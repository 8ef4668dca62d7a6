import type { InputImage } from '../../../shared/library/history.ts'
import type { ModelInfo } from '../../../shared/models/models.ts'
import type { GenerationRequestInput } from '../../../shared/request/request.ts'
import { whereTransparent } from '../../pictures/images.ts'
import type { Studio } from '../../studio.ts'
import { ApiError } from '../apiError.ts'

/**
 * The part of a request that says what to start from. A model that reads references is shown all pictures; others start
 * from the only one. A mask's transparent parts are painted anew, as the API has it.
 */
export async function startPictures(
  studio: Studio,
  files: Map<string, File[]>,
  model: ModelInfo,
): Promise<{ part: Partial<GenerationRequestInput>; first: InputImage }> {
  const unknown = [...files.keys()].filter((name) => name !== 'image' && name !== 'mask')
  if (unknown.length > 0)
    throw new ApiError(422, `There is no parameter ${unknown.join(', ')}.`, { param: unknown[0] })
  const [pictures, masks] = [files.get('image') ?? [], files.get('mask') ?? []]
  if (pictures.length === 0) throw new ApiError(422, 'image: is missing.', { param: 'image' })
  const taken: InputImage[] = []
  for (const file of pictures) taken.push(await studio.inputs.add(await bytesOf(file), file.name))
  const [first] = taken
  if (masks.length > 0) {
    if (taken.length > 1) throw new ApiError(422, 'mask: goes with one picture.', { param: 'mask' })
    const mask = await studio.inputs.add(await maskOf(masks[0]), masks[0].name)
    return { part: { initImage: first, mask: { id: mask.id }, inpaint: {} }, first }
  }
  if (model.readsReferences) return { part: { references: taken.map(({ id }) => ({ id })) }, first }
  if (taken.length > 1)
    throw new ApiError(422, `image: this model starts from one picture, found ${taken.length}.`, {
      param: 'image',
    })
  return { part: { initImage: first }, first }
}

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer())

async function maskOf(file: File): Promise<Buffer> {
  const mask = await whereTransparent(await bytesOf(file), 'mask')
  if (mask) return mask
  throw new ApiError(422, 'mask: must be transparent where the picture is painted anew.', { param: 'mask' })
}

/** About as many pixels as the model likes, in the shape of a picture. */
export function sizeLike(
  { width, height }: { width: number; height: number },
  { defaultWidth, defaultHeight, sizeMultiple, minSize, maxSize }: ModelInfo,
): { width: number; height: number } {
  const scale = Math.sqrt((defaultWidth * defaultHeight) / (width * height))
  const side = (length: number): number => {
    const multiple = Math.max(1, Math.round((length * scale) / sizeMultiple)) * sizeMultiple
    return Math.min(maxSize, Math.max(minSize, multiple))
  }
  return { width: side(width), height: side(height) }
}
