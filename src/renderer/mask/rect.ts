/** A rectangle of whole pixels; right and bottom are the first that lie outside. */
export interface Rect {
  left: number
  top: number
  right: number
  bottom: number
}

export const union = (one: Rect | null, other: Rect | null): Rect | null => {
  if (!one || !other) return one ?? other
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  }
}

/** The upper rows of a rectangle that have so many pixels at most, one row at least, and what is left of it. */
export function cutOff(rect: Rect, mostPixels: number): [first: Rect, rest: Rect | null] {
  const rows = Math.max(1, Math.floor(mostPixels / (rect.right - rect.left)))
  const cut = Math.min(rect.bottom, rect.top + rows)
  return [{ ...rect, bottom: cut }, cut < rect.bottom ? { ...rect, top: cut } : null]
}

/** The whole pixels of a rectangle that lie within a size; null where none do. */
export function within(
  { left, top, right, bottom }: Rect,
  { width, height }: { width: number; height: number },
): Rect | null {
  const rect = {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(width, Math.ceil(right)),
    bottom: Math.min(height, Math.ceil(bottom)),
  }
  return rect.left < rect.right && rect.top < rect.bottom ? rect : null
}
