import type { Rect } from './rect.ts'

/** How much of every pixel is painted anew: 0 none, 255 all; row-major. */
export interface Mask {
  width: number
  height: number
  data: Uint8Array
}

export const emptyMask = (width: number, height: number): Mask => ({
  width,
  height,
  data: new Uint8Array(width * height),
})

export function isEmpty({ data }: Mask): boolean {
  // A call for each of millions of levels would be felt.
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) return false
  return true
}

/** The levels of a part. */
export function copyOf({ data, width }: Mask, { left, top, right, bottom }: Rect): Uint8Array {
  const columns = right - left
  const copy = new Uint8Array(columns * (bottom - top))
  for (let y = top; y < bottom; y++)
    copy.set(data.subarray(y * width + left, y * width + right), (y - top) * columns)
  return copy
}

export function put({ data, width }: Mask, { left, top, right, bottom }: Rect, levels: Uint8Array): void {
  const columns = right - left
  for (let y = top; y < bottom; y++)
    data.set(levels.subarray((y - top) * columns, (y - top + 1) * columns), y * width + left)
}

export const all = ({ width, height }: Mask): Rect => ({ left: 0, top: 0, right: width, bottom: height })

/** What is painted, with a margin; null where nothing is. */
export function extent({ data, width, height }: Mask, margin = 0): Rect | null {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue
      left = Math.min(left, x)
      right = Math.max(right, x + 1)
      top = Math.min(top, y)
      bottom = y + 1
    }
  if (right === 0) return null
  return {
    left: Math.max(0, left - margin),
    top: Math.max(0, top - margin),
    right: Math.min(width, right + margin),
    bottom: Math.min(height, bottom + margin),
  }
}
