import type { Planes } from '../tiles.ts'

/** A rectangle of a picture in whole pixels. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
}

interface Size {
  width: number
  height: number
}

/** What a mask [1, height, width] shows, with as much padding as the picture has; null where it shows nothing. */
export function maskedArea({ data, width, height }: Planes, padding: number): Area | null {
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
  left = Math.max(0, left - padding)
  top = Math.max(0, top - padding)
  return {
    left,
    top,
    width: Math.min(width, right + padding) - left,
    height: Math.min(height, bottom + padding) - top,
  }
}

/**
 * An area made wider or higher to the shape of what is painted, as far as the picture goes (AUTOMATIC1111, masking.py,
 * expand_crop_region).
 */
export function inShapeOf({ left, top, width, height }: Area, painted: Size, picture: Size): Area {
  const ratio = painted.width / painted.height
  if (width / height > ratio) {
    const [start, length] = widened(top, height, Math.trunc(width / ratio - height), picture.height)
    return { left, top: start, width, height: length }
  }
  const [start, length] = widened(left, width, Math.trunc(height * ratio - width), picture.width)
  return { left: start, top, width: length, height }
}

/** A stretch made longer by `more` on both sides alike, moved to lie within 0 to `most`. */
function widened(start: number, length: number, more: number, most: number): [start: number, length: number] {
  const longer = Math.min(most, length + more)
  return [Math.min(most - longer, Math.max(0, start - Math.floor(more / 2))), longer]
}

/** Where an area comes to lie when it is scaled into a size and centred there, its shape kept. */
export function placedIn({ width, height }: Size, within: Size): Area {
  const isWider = within.width / within.height < width / height
  const scaled = {
    width: isWider ? within.width : Math.max(1, Math.floor((width * within.height) / height)),
    height: isWider ? Math.max(1, Math.floor((height * within.width) / width)) : within.height,
  }
  return {
    ...scaled,
    left: Math.floor(within.width / 2) - Math.floor(scaled.width / 2),
    top: Math.floor(within.height / 2) - Math.floor(scaled.height / 2),
  }
}

/** An area of planes. */
export function cut({ data, channels, width, height }: Planes, area: Area): Planes {
  const result = new Float32Array(channels * area.width * area.height)
  for (let row = 0; row < channels * area.height; row++) {
    const channel = Math.floor(row / area.height)
    const from = (channel * height + area.top + (row % area.height)) * width + area.left
    result.set(data.subarray(from, from + area.width), row * area.width)
  }
  return { data: result, channels, width: area.width, height: area.height }
}

/** Planes laid into a size at a place, their edges continued to its ends. */
export function laidInto({ data, channels, width, height }: Planes, { left, top }: Area, size: Size): Planes {
  const result = new Float32Array(channels * size.width * size.height)
  let to = 0
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < size.height; y++) {
      const row = (channel * height + within(y - top, height)) * width
      for (let x = 0; x < size.width; x++) result[to++] = data[row + within(x - left, width)]
    }
  return { data: result, channels, ...size }
}

const within = (place: number, length: number): number => Math.min(length - 1, Math.max(0, place))
