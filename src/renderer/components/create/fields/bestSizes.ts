import type { ModelInfo } from '../../../../shared/models/models.ts'
import { limits } from '../../../../shared/request/limits.ts'

/** A shape of pictures at about as many pixels as a model was trained on. */
export interface BestSize {
  name: 'own' | 'square' | 'portrait' | 'photo' | 'tall' | 'landscape' | 'photoWide' | 'wide' | 'cinema'
  width: number
  height: number
}

const shapes = [
  { name: 'square', ratio: 1 },
  { name: 'portrait', ratio: 3 / 4 },
  { name: 'photo', ratio: 2 / 3 },
  { name: 'tall', ratio: 9 / 16 },
  { name: 'landscape', ratio: 4 / 3 },
  { name: 'photoWide', ratio: 3 / 2 },
  { name: 'wide', ratio: 16 / 9 },
  { name: 'cinema', ratio: 21 / 9 },
] as const

/** Large models were trained in buckets whose sides are multiples of 64: Podell et al. 2023 (SDXL), appendix I. */
const bucket = 64
const smallestInBuckets = 512

type Sized = Pick<ModelInfo, 'defaultWidth' | 'defaultHeight' | 'minSize' | 'maxSize' | 'sizeMultiple'>

/** What sides a model was trained with, and the largest that can be asked for. */
function sidesOf({ defaultWidth, defaultHeight, sizeMultiple, maxSize }: Sized) {
  const inBuckets = Math.min(defaultWidth, defaultHeight) >= smallestInBuckets
  return {
    multiple: inBuckets ? Math.max(bucket, sizeMultiple) : sizeMultiple,
    largest: Math.min(maxSize, limits.size.max),
  }
}

/** The model's own size and the shapes beside it, each once. */
export function bestSizes(info: Sized): BestSize[] {
  const { defaultWidth: width, defaultHeight: height, minSize } = info
  const { multiple, largest } = sidesOf(info)
  const fit = (side: number, round: (steps: number) => number): number =>
    Math.min(largest, Math.max(minSize, round(side / multiple) * multiple))
  const made = shapes.map(({ name, ratio }) => {
    const area = width * height
    const short = fit(Math.sqrt(area * Math.min(ratio, 1 / ratio)), Math.round)
    const long = ratio === 1 ? short : fit(area / short, Math.floor)
    return ratio < 1 ? { name, width: short, height: long } : { name, width: long, height: short }
  })
  const sizes: BestSize[] = [{ name: 'own', width, height }, ...made]
  const isSame = (one: BestSize, other: BestSize): boolean =>
    one.width === other.width && one.height === other.height
  return sizes.filter((size, at) => sizes.findIndex((one) => isSame(one, size)) === at)
}

/** How much more a wrong shape counts than as much too many or too few pixels. */
const shapeCounts = 10

/** The size for a model that is most nearly of a picture's shape and of about as many pixels as it was trained on. */
export function sizeOfShape(info: Sized, picture: { width: number; height: number }) {
  const { multiple, largest } = sidesOf(info)
  const area = info.defaultWidth * info.defaultHeight
  const ratio = Math.max(picture.width, picture.height) / Math.min(picture.width, picture.height)
  const smallest = Math.ceil(info.minSize / multiple) * multiple
  const within = (side: number): number => Math.min(largest, Math.max(smallest, side))
  const count = Math.floor((largest - smallest) / multiple) + 1
  const sizes = Array.from({ length: count }, (_, at) => {
    const short = smallest + at * multiple
    const long = within(Math.round((short * ratio) / multiple) * multiple)
    const off =
      shapeCounts * Math.abs(Math.log(long / short / ratio)) + Math.abs(Math.log((short * long) / area))
    return { short, long, off }
  })
  const { short, long } = sizes.reduce((one, other) => (other.off < one.off ? other : one))
  return picture.width < picture.height ? { width: short, height: long } : { width: long, height: short }
}
