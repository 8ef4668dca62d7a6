import { all, extent, type Mask } from './mask.ts'
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
function spread({ data, width }: Mask, { left, top, right, bottom }: Rect, corners: boolean): void {
  const before = data.slice(top * width, bottom * width)
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = (y - top) * width + x
      let level = before[at]
      for (let dy = y > top ? -1 : 0; dy <= (y + 1 < bottom ? 1 : 0); dy++)
        for (let dx = x > left ? -1 : 0; dx <= (x + 1 < right ? 1 : 0); dx++)
          if (corners || dx === 0 || dy === 0) level = Math.max(level, before[at + dy * width + dx])
      data[y * width + x] = level
    }
}

/** Box blurs that one soft edge is made of. */
const passes = 3

/** Softens the edge over about some pixels on both sides. */
export function feather(mask: Mask, pixels: number): Rect | null {
  const rect = extent(mask, passes * pixels)
  if (!rect) return null
  const [columns, rows] = [rect.right - rect.left, rect.bottom - rect.top]
  const start = rect.top * mask.width + rect.left
  for (let pass = 0; pass < passes; pass++) {
    for (let y = 0; y < rows; y++) average(mask.data, start + y * mask.width, columns, 1, pixels)
    for (let x = 0; x < columns; x++) average(mask.data, start + x, rows, mask.width, pixels)
  }
  return rect
}

/** Means of each place of a line and those around it; the line goes on as it ends. */
function average(data: Uint8Array, start: number, length: number, step: number, reach: number): void {
  const line = Uint8Array.from({ length }, (_, i) => data[start + i * step])
  const at = (i: number): number => line[Math.min(length - 1, Math.max(0, i))]
  let sum = 0
  for (let i = -reach; i <= reach; i++) sum += at(i)
  for (let i = 0; i < length; i++) {
    data[start + i * step] = Math.round(sum / (2 * reach + 1))
    sum += at(i + reach + 1) - at(i - reach)
  }
}
