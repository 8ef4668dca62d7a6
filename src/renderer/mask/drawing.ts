import type { Mask } from './mask.ts'
import { within, type Rect } from './rect.ts'

/** Drawing on a mask: every function changes it in place and answers which part it may have changed. */

export interface Point {
  x: number
  y: number
}

/** A place of the brush, in pixels of the picture. */
export interface Dab extends Point {
  radius: number
}

/** Paints or erases from one place of the brush to the next, its edge smoothed over one pixel. */
export function drawStroke(mask: Mask, from: Dab, to: Dab, erases: boolean): Rect | null {
  const reach = Math.max(from.radius, to.radius) + 1
  const rect = within(
    {
      left: Math.min(from.x, to.x) - reach,
      top: Math.min(from.y, to.y) - reach,
      right: Math.max(from.x, to.x) + reach,
      bottom: Math.max(from.y, to.y) + reach,
    },
    mask,
  )
  if (!rect) return null
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  for (let y = rect.top; y < rect.bottom; y++)
    for (let x = rect.left; x < rect.right; x++) {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y]
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
      const radius = from.radius + along * (to.radius - from.radius)
      const square = (px - along * dx) ** 2 + (py - along * dy) ** 2
      // Only the edge needs the distance itself.
      const isFull = radius > 0.5 && square <= (radius - 0.5) ** 2
      if (!isFull && square >= (radius + 0.5) ** 2) continue
      cover(mask, y * mask.width + x, isFull ? 1 : radius - Math.sqrt(square) + 0.5, erases)
    }
  return rect
}

/** A brush lays its opacity over what is there once, however often it passes. */
function cover({ data }: Mask, place: number, share: number, erases: boolean): void {
  if (share <= 0) return
  const level = Math.min(255, Math.round(255 * share))
  data[place] = erases ? Math.min(data[place], 255 - level) : Math.max(data[place], level)
}

export function drawRectangle(mask: Mask, from: Point, to: Point, erases: boolean): Rect | null {
  const rect = within(
    {
      left: Math.round(Math.min(from.x, to.x)),
      top: Math.round(Math.min(from.y, to.y)),
      right: Math.round(Math.max(from.x, to.x)),
      bottom: Math.round(Math.max(from.y, to.y)),
    },
    mask,
  )
  if (!rect) return null
  for (let y = rect.top; y < rect.bottom; y++)
    mask.data.fill(erases ? 0 : 255, y * mask.width + rect.left, y * mask.width + rect.right)
  return rect
}

/** Lines of a row of pixels that a lasso is tried along. */
const lines = 4

/** What a closed line encloses, by the even-odd rule, its edge smoothed. */
export function drawLasso(mask: Mask, points: readonly Point[], erases: boolean): Rect | null {
  if (points.length < 3) return null
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const bounds = { left: least(xs), top: least(ys), right: most(xs), bottom: most(ys) }
  const rect = within(bounds, mask)
  if (!rect) return null
  const shares = new Float32Array(rect.right - rect.left)
  for (let y = rect.top; y < rect.bottom; y++) {
    shares.fill(0)
    for (let line = 0; line < lines; line++) {
      const crossings = crossingsAt(points, y + (line + 0.5) / lines)
      for (let at = 0; at + 1 < crossings.length; at += 2)
        addSpan(shares, crossings[at] - rect.left, crossings[at + 1] - rect.left)
    }
    for (let x = 0; x < shares.length; x++)
      if (shares[x] > 0) cover(mask, y * mask.width + rect.left + x, shares[x] / lines, erases)
  }
  return rect
}

const least = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.min(a, b))
const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b))

/** Where a closed line crosses a height, from left to right. */
function crossingsAt(points: readonly Point[], y: number): number[] {
  const crossings: number[] = []
  for (let i = 0; i < points.length; i++) {
    const [a, b] = [points[i], points[(i + 1) % points.length]]
    if (a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x))
  }
  return crossings.sort((a, b) => a - b)
}

/** Adds to every pixel the part of it that lies between two places of its row. */
function addSpan(shares: Float32Array, from: number, to: number): void {
  const last = Math.min(shares.length, Math.ceil(to))
  for (let x = Math.max(0, Math.floor(from)); x < last; x++)
    shares[x] += Math.min(to, x + 1) - Math.max(from, x)
}
