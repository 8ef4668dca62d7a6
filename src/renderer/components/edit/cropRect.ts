import { croppedWithin, type CropRect } from '../../../shared/library/edits.ts'

/** How the frame of a crop answers to a hand. All in pixels of the picture that is cropped. */

interface Size {
  width: number
  height: number
}

/** Which sides a handle moves: -1 left or top, 1 right or bottom, 0 neither; with both 0 the whole frame moves. */
export interface Handle {
  x: -1 | 0 | 1
  y: -1 | 0 | 1
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

/** The frame after a handle was moved. @param ratio width / height that is kept; null: any. */
export function draggedCrop(
  crop: CropRect,
  handle: Handle,
  moved: { x: number; y: number },
  size: Size,
  ratio: number | null,
): CropRect {
  const { left, top } = crop
  if (handle.x === 0 && handle.y === 0)
    return croppedWithin({ ...crop, left: left + moved.x, top: top + moved.y }, size)
  const [right, bottom] = [left + crop.width, top + crop.height]
  const sides = {
    left: handle.x < 0 ? within(left + moved.x, 0, right - 1) : left,
    right: handle.x > 0 ? within(right + moved.x, left + 1, size.width) : right,
    top: handle.y < 0 ? within(top + moved.y, 0, bottom - 1) : top,
    bottom: handle.y > 0 ? within(bottom + moved.y, top + 1, size.height) : bottom,
  }
  const free = {
    left: sides.left,
    top: sides.top,
    width: sides.right - sides.left,
    height: sides.bottom - sides.top,
  }
  return croppedWithin(ratio === null ? free : shaped(free, handle, ratio, size), size)
}

/** A frame brought to a shape: the sides that no handle moved stay, or else the middle. */
function shaped(crop: CropRect, { x, y }: Handle, ratio: number, size: Size): CropRect {
  const across = anchored(x, crop.left, crop.width, size.width)
  const down = anchored(y, crop.top, crop.height, size.height)
  const wanted = x === 0 ? crop.height * ratio : crop.width
  const width = Math.min(wanted, across.room, down.room * ratio)
  const height = width / ratio
  return {
    left: across.at - width * across.share,
    top: down.at - height * down.share,
    width,
    height,
  }
}

/** Where a frame is held along one side, how much of it lies before that place, and how long it may become. */
function anchored(handle: -1 | 0 | 1, from: number, length: number, whole: number) {
  if (handle < 0) return { at: from + length, share: 1, room: from + length }
  if (handle > 0) return { at: from, share: 0, room: whole - from }
  const middle = from + length / 2
  return { at: middle, share: 0.5, room: 2 * Math.min(middle, whole - middle) }
}

/** The largest frame of a shape around the middle of a frame. */
export function largestCrop({ left, top, width, height }: CropRect, ratio: number, size: Size): CropRect {
  const kept = Math.min(size.width, size.height * ratio)
  const [x, y] = [left + width / 2, top + height / 2]
  const shape = { width: kept, height: kept / ratio }
  return croppedWithin({ left: x - shape.width / 2, top: y - shape.height / 2, ...shape }, size)
}

/** A frame over the picture after one more quarter turn: 1 clockwise, -1 back. `size` is that before. */
export const turnedCrop = ({ left, top, width, height }: CropRect, by: 1 | -1, size: Size): CropRect => ({
  left: by === 1 ? size.height - top - height : top,
  top: by === 1 ? left : size.width - left - width,
  width: height,
  height: width,
})

/** The same part of a picture that became larger or smaller. */
export const scaledCrop = ({ left, top, width, height }: CropRect, from: Size, to: Size): CropRect =>
  croppedWithin(
    {
      left: (left * to.width) / from.width,
      top: (top * to.height) / from.height,
      width: (width * to.width) / from.width,
      height: (height * to.height) / from.height,
    },
    to,
  )
