import { all, copyOf, extent, put, type Mask } from './mask.ts'
import type { Rect } from './rect.ts'

/** Changes of a whole mask in place; each answers the part it may have changed. */

export function clear(mask: Mask): Rect | null {
  const rect = extent(mask)
  mask.data.fill(0)
  return rect
}

export function invert(mask: Mask): Rect {
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = 255 - mask.data[i]
  return all(mask)
}

/** Grows what is painted by some pixels, or lets it shrink where that is below 0; round, nearly. */
export function grow(mask: Mask, pixels: number): Rect | null {
  if (pixels < 0) {
    invert(mask)
    grow(mask, -pixels)
    return invert(mask)
  }
  const rect = extent(mask, pixels)
  if (!rect) return null
  // A square and a diamond in turn make an octagon.
  for (let step = 0; step < pixels; step++) spread(mask, rect, step % 2 === 0)
  return rect
}

/** Every pixel becomes the largest of its neighbours, of which the corners count or not. */
function spread(mask: Mask, rect: Rect, corners: boolean): void {
  const before = copyOf(mask, rect)
  const width = rect.right - rect.left
  const along = before.slice()
  for (let i = 0; i < before.length; i++) {
    const x = i % width
    if (x > 0 && before[i - 1] > along[i]) along[i] = before[i - 1]
    if (x + 1 < width && before[i + 1] > along[i]) along[i] = before[i + 1]
  }
  const beside = corners ? along : before
  const after = along.slice()
  for (let i = 0; i < before.length; i++) {
    if (i >= width && beside[i - width] > after[i]) after[i] = beside[i - width]
    if (i + width < before.length && beside[i + width] > after[i]) after[i] = beside[i + width]
  }
  put(mask, rect, after)
}

/** Box blurs that one soft edge is made of. */
const passes = 3

/** Softens the edge over about some pixels on both sides. */
export function feather(mask: Mask, pixels: number): Rect | null {
  const rect = extent(mask, passes * pixels)
  if (!rect) return null
  const [width, height] = [rect.right - rect.left, rect.bottom - rect.top]
  let levels = copyOf(mask, rect)
  for (let pass = 0; pass < passes; pass++)
    levels = averaged(averaged(levels, { width, height }, pixels), { width: height, height: width }, pixels)
  put(mask, rect, levels)
  return rect
}

/** Means of each pixel and those around it in its row, rows and columns exchanged; a row goes on as it ends. */
function averaged(
  levels: Uint8Array,
  { width, height }: { width: number; height: number },
  reach: number,
): Uint8Array {
  const result = new Uint8Array(levels.length)
  const count = 2 * reach + 1
  for (let y = 0; y < height; y++) {
    const [first, last] = [y * width, (y + 1) * width - 1]
    let sum = (reach + 1) * levels[first]
    for (let x = 1; x <= reach; x++) sum += levels[Math.min(last, first + x)]
    for (let x = 0; x < width; x++) {
      result[x * height + y] = Math.round(sum / count)
      sum += levels[Math.min(last, first + x + reach + 1)] - levels[Math.max(first, first + x - reach)]
    }
  }
  return result
}
