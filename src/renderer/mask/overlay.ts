import { all, type Mask } from './mask.ts'
import { within, type Rect } from './rect.ts'

/** A colour (a little-endian word without its opacity) at every level of the mask, of which a share is seen. */
const levelsOf = (colour: number, share: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, level) => colour | (Math.round(level * share) << 24))
/** Safelight amber, in both themes. */
const tint = levelsOf(0x3ca3f2, 0.5)
const light = levelsOf(0xffffff, 0.85)
const dark = levelsOf(0x161616, 0.85)

/** From this level on a pixel lies within the edge that is drawn. */
const half = 128
/** Widths of a line from one pair of lines across the mask to the next. */
const spacing = 14

/** Width of a line in pixels of the picture: a large one is made smaller to be seen. */
export const lineWidth = ({ width, height }: Pick<Mask, 'width' | 'height'>): number =>
  Math.max(1, Math.round(Math.max(width, height) / 512))

/** A part of the mask with all pixels whose look depends on it. */
export function seenOf(mask: Mask, { left, top, right, bottom }: Rect): Rect {
  const reach = 2 * lineWidth(mask)
  const wide = { left: left - reach, top: top - reach, right: right + reach, bottom: bottom + reach }
  return within(wide, mask) ?? all(mask)
}

/**
 * A part of the mask as it lies over the picture, RGBA as little-endian words, row-major: a tint, with a light line beside a
 * dark one along its edge and in pairs across it, as one of the two stands out from whatever is below.
 */
export function overlayOf(mask: Mask, { left, top, right, bottom }: Rect): Uint32Array<ArrayBuffer> {
  const { data, width, height } = mask
  const line = lineWidth(mask)
  const isNearEdge = edgesOf(mask)
  const across = Uint8Array.from({ length: width + height }, (_, sum) => Math.floor(sum / line) % spacing)
  const kinds = Array.from({ length: spacing }, (_, at) => [light, dark][at] ?? tint)
  const words = new Uint32Array((right - left) * (bottom - top))
  let to = 0
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++, to++) {
      const level = data[y * width + x]
      if (level === 0) continue
      if (level >= half && isNearEdge(x, y, line)) words[to] = light[255]
      else if (level >= half && isNearEdge(x, y, 2 * line)) words[to] = dark[255]
      else words[to] = kinds[across[x + y]][level]
    }
  return words
}

/** Whether what is so far away in some direction lies outside the mask, as all does beyond the picture. */
const edgesOf =
  ({ data, width, height }: Mask) =>
  (x: number, y: number, far: number): boolean => {
    if (x < far || y < far || x + far >= width || y + far >= height) return true
    const at = y * width + x
    return (
      data[at - far] < half ||
      data[at + far] < half ||
      data[at - far * width] < half ||
      data[at + far * width] < half
    )
  }
