import type { Pixels } from '../../shared/engine/engineContract.ts'
import { outpaintedSize, type Outpaint } from '../../shared/request/inpaint.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import { readPicture } from './images.ts'
import { namedBy, type Inputs } from './inputs.ts'

/** The picture that a run starts from, and what of it is painted. */
interface Start {
  initImage: Pixels | null
  mask: Pixels | null
}

type Starting = Pick<ResolvedRequest, 'initImage' | 'mask' | 'inpaint' | 'width' | 'height'>

/** The picture to start from with its mask, see `readPainted`, and references as they are. */
export async function readStart(request: Starting & Pick<ResolvedRequest, 'references'>, inputs: Inputs) {
  const references = await Promise.all(
    request.references.map(({ id }, index) => namedBy(`references.${index}`, readWhole(id, inputs))),
  )
  return { ...(await readPainted(request, inputs)), references }
}

async function readWhole(id: string, inputs: Inputs): Promise<Pixels> {
  const { width, height } = await inputs.describe(id)
  return inputs.pixels(id, width, height, 'stretch')
}

/**
 * The picture to start from and its mask, both brought to the size of the request the same way, or left at their own where
 * the masked area alone is painted. What outpainting adds continues the picture's edges, under a white mask.
 */
async function readPainted(request: Starting, inputs: Inputs): Promise<Start> {
  const { initImage, mask, inpaint, width, height } = request
  if (!initImage) return { initImage: null, mask: null }
  const outpaint = inpaint?.outpaint ?? null
  const isWhole = inpaint?.area !== 'masked' || (!mask && !outpaint)
  const asked = { width, height, mode: initImage.resizeMode }
  if (isWhole && !outpaint) return readBoth(request, inputs, asked)
  const own = { ...(await namedBy('initImage', inputs.describe(initImage.id))), mode: 'stretch' } as const
  const read = await readBoth(request, inputs, own)
  const black = { ...own, data: new Uint8Array(3 * own.width * own.height) }
  const extended = {
    initImage: extendedBy(read.initImage!, outpaint, null),
    mask: extendedBy(read.mask ?? black, outpaint, 255),
  }
  if (!isWhole) return extended
  const brought = (picture: Pixels): Promise<Pixels> => readPicture(picture, width, height, asked.mode)
  return { initImage: await brought(extended.initImage), mask: await brought(extended.mask) }
}

async function readBoth(
  { initImage, mask }: Starting,
  inputs: Inputs,
  { width, height, mode }: { width: number; height: number; mode: 'crop' | 'fit' | 'stretch' },
): Promise<Start> {
  const read = (field: string, { id }: { id: string }): Promise<Pixels> =>
    namedBy(field, inputs.pixels(id, width, height, mode))
  return {
    initImage: initImage && (await read('initImage', initImage)),
    mask: mask && (await read('mask', mask)),
  }
}

/** A picture with more at its sides: its edges continued, or one level of grey. */
export function extendedBy(picture: Pixels, sides: Outpaint | null, level: number | null): Pixels {
  if (!sides) return picture
  const { width, height } = outpaintedSize(picture, sides)
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = [x - sides.left, y - sides.top]
      const nearest = { row: within(row, picture.height), column: within(column, picture.width) }
      const isAdded = nearest.row !== row || nearest.column !== column
      const from = (nearest.row * picture.width + nearest.column) * 3
      const to = (y * width + x) * 3
      for (let colour = 0; colour < 3; colour++)
        data[to + colour] = isAdded && level !== null ? level : picture.data[from + colour]
    }
  return { width, height, data }
}

const within = (place: number, length: number): number => Math.min(length - 1, Math.max(0, place))
