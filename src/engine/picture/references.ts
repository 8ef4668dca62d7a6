import type { Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Latents } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { enlarge } from '../upscale/enlarge.ts'
import type { Subject } from '../pipeline.ts'
import { encodeMean } from './pictureLatents.ts'
import type { BeforePart } from './tiles.ts'

/** Pictures that a model looks at beside the one it draws. */

/** Of more pixels, a reference is made smaller; of smaller sides, or longer ones for their width, there is nothing to see. */
const most = { pixels: 1024 * 1024, ratio: 8 }
const leastSide = 64

/** What is looked at: where a part is painted anew, the picture around it too. */
export function lookedAt(
  { family }: Model,
  { initImage, mask, references = [] }: Pick<Subject, 'initImage' | 'mask' | 'references'>,
): readonly Pixels[] {
  if (!family.readsReferences) return []
  return initImage && mask ? [initImage, ...references] : references
}

/**
 * References as clean latents, brought to size as diffusers does (pipeline_flux2_klein): reduced to a megapixel, and cut to
 * whole tokens around the middle. Throws `bad-init-image` for one that cannot be looked at.
 */
export async function encodeReferences(
  model: Model,
  pictures: readonly Pixels[],
  beforePart: BeforePart,
): Promise<Latents[]> {
  const unit = model.info.sizeMultiple
  const encoded: Latents[] = []
  for (const [index, picture] of pictures.entries()) {
    requireUsable(picture, index)
    encoded.push(await encodeMean(model, cutToUnits(await reduced(picture), unit), beforePart))
  }
  return encoded
}

function requireUsable({ width, height }: Pixels, index: number): void {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  if (short >= leastSide && long <= most.ratio * short) return
  throw new StudioError(
    'bad-init-image',
    `references: picture ${index + 1} is ${width}×${height}; it must be at least ${leastSide} pixels on each side, and no more than ${most.ratio} times as long as it is wide. Choose another, or cut it.`,
  )
}

function reduced(picture: Pixels): Promise<Pixels> | Pixels {
  const { width, height } = picture
  if (width * height <= most.pixels) return picture
  const scale = Math.sqrt(most.pixels / (width * height))
  return enlarge(picture, { width: Math.trunc(width * scale), height: Math.trunc(height * scale) }, 'Lanczos')
}

function cutToUnits(picture: Pixels, unit: number): Pixels {
  const [width, height] = [picture.width, picture.height].map((side) => Math.floor(side / unit) * unit)
  const [left, top] = [Math.floor((picture.width - width) / 2), Math.floor((picture.height - height) / 2)]
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * picture.width + left)
    data.set(picture.data.subarray(from, from + 3 * width), 3 * y * width)
  }
  return { width, height, data }
}
