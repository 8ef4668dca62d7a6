import { setImmediate } from 'node:timers/promises'
import sharp, { type Sharp } from 'sharp'
import type { Pixels } from '../../shared/engine/engineContract.ts'
import { levelsTable, straightenedSize, type CropRect } from '../../shared/library/edits.ts'
import type { Edit } from '../../shared/request/edit.ts'

/** A picture turned, straightened, cut and toned, in this order; the crop has to lie within it. */
export async function editPicture(picture: Pixels, edit: Edit): Promise<Pixels> {
  const turned = edit.turns === 0 ? picture : await pixelsOf(opened(picture).rotate(edit.turns * 90))
  const straight = edit.straighten === 0 ? turned : await straightened(turned, edit.straighten)
  const cut = edit.crop ? await cutOut(straight, edit.crop) : straight
  return edit.levels ? toned(cut, levelsTable(edit.levels)) : cut
}

/** Pixels by which the edges are continued, so that none is mixed with what lies outside. */
const margin = 4

async function straightened(picture: Pixels, degrees: number): Promise<Pixels> {
  const { width, height } = straightenedSize(picture, degrees)
  const continued = await pixelsOf(
    opened(picture).extend({
      ...{ left: margin, top: margin, right: margin, bottom: margin },
      extendWith: 'copy',
    }),
  )
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const matrix: [[number, number], [number, number]] = [
    [cos, -sin],
    [sin, cos],
  ]
  const turned = await pixelsOf(opened(continued).affine(matrix, { interpolator: 'bicubic' }))
  const left = Math.round((turned.width - width) / 2)
  const top = Math.round((turned.height - height) / 2)
  return cutOut(turned, { left, top, width, height })
}

const cutOut = (picture: Pixels, { left, top, width, height }: CropRect): Promise<Pixels> =>
  pixelsOf(opened(picture).extract({ left, top, width, height }))

/** Values that are looked up before others have their turn. */
const valuesAtOnce = 2 ** 22

async function toned({ width, height, data }: Pixels, table: Uint8Array): Promise<Pixels> {
  const result = new Uint8Array(data.length)
  for (let start = 0; start < data.length; start += valuesAtOnce) {
    const end = Math.min(data.length, start + valuesAtOnce)
    for (let at = start; at < end; at++) result[at] = table[data[at]]
    await setImmediate()
  }
  return { width, height, data: result }
}

const opened = ({ data, width, height }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
