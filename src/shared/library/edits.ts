import type { Edit, Levels } from '../request/edit.ts'

/** The geometry and the tones of an edit, the same in the window that shows it and in the studio that makes it. */

interface Size {
  width: number
  height: number
}

export interface CropRect extends Size {
  left: number
  top: number
}

/** The size of a picture after quarter turns. */
const turnedSize = ({ width, height }: Size, turns: number): Size =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width }

/**
 * The size of the largest rectangle of a picture's shape that lies within the picture turned by some degrees around its
 * middle: for a longer side r times the shorter one, 1 / (cos + r · sin) of its sides.
 */
export function straightenedSize({ width, height }: Size, degrees: number): Size {
  const angle = (Math.abs(degrees) * Math.PI) / 180
  const shape = Math.max(width / height, height / width)
  const share = 1 / (Math.cos(angle) + shape * Math.sin(angle))
  const side = (pixels: number): number => Math.max(1, Math.floor(pixels * share))
  return { width: side(width), height: side(height) }
}

/** The size of the picture that is cropped. */
export const uncroppedSize = (size: Size, { turns, straighten }: Pick<Edit, 'turns' | 'straighten'>): Size =>
  straightenedSize(turnedSize(size, turns), straighten)

/** A rectangle of whole pixels moved and cut so that it lies within a size. */
export function croppedWithin({ left, top, width, height }: CropRect, size: Size): CropRect {
  const within = (value: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.round(value)))
  const kept = { width: within(width, 1, size.width), height: within(height, 1, size.height) }
  return {
    left: within(left, 0, size.width - kept.width),
    top: within(top, 0, size.height - kept.height),
    ...kept,
  }
}

/** What each value from 0 to 255 becomes: ((v - black) / (white - black)) ^ (1 / gamma), in 0..255. */
export function levelsTable({ black, gamma, white }: Levels): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => {
    const share = Math.min(1, Math.max(0, (value - black) / (white - black)))
    return Math.round(255 * share ** (1 / gamma))
  })
}

/** Whether an edit leaves a picture as it is. */
export const changesNothing = ({ turns, straighten, crop, levels }: Edit): boolean =>
  turns === 0 && straighten === 0 && crop === null && levels === null
