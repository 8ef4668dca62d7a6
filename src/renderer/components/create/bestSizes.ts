import type { ModelInfo } from '../../../shared/models/models.ts'
import { limits } from '../../../shared/request/limits.ts'

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

/** The model's own size and the shapes beside it, each once. */
export function bestSizes(info: Sized): BestSize[] {
  const { defaultWidth: width, defaultHeight: height, sizeMultiple, minSize } = info
  const multiple =
    Math.min(width, height) >= smallestInBuckets ? Math.max(bucket, sizeMultiple) : sizeMultiple
  const largest = Math.min(info.maxSize, limits.size.max)
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
