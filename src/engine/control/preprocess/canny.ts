import type { Pixels } from '../../../shared/engine/engineContract.ts'

/**
 * Edges, 255 on 0, [height × width]: Canny 1986, A Computational Approach to Edge Detection, with the choices of
 * OpenCV's cv::Canny on a colour picture: Sobel's 3 × 3, |dx| + |dy|, at every pixel the channel where that is largest.
 */
export function cannyEdges(picture: Pixels, low: number, high: number): Uint8Array {
  const { width, height } = picture
  const gradients = strongestGradients(picture)
  const strength = new Uint8Array(width * height)
  const stack: number[] = []
  for (let at = 0; at < width * height; at++) {
    const size = gradients.size[at]
    if (size <= low || !isRidge(gradients, at, width, height)) continue
    strength[at] = size > high ? sure : maybe
    if (size > high) stack.push(at)
  }
  followEdges(strength, stack, width, height)
  return strength.map((value) => (value === sure ? 255 : 0))
}

const [maybe, sure] = [1, 2]

interface Gradients {
  dx: Int32Array
  dy: Int32Array
  size: Int32Array
}

function strongestGradients({ width, height, data }: Pixels): Gradients {
  const area = width * height
  const [dx, dy, size] = [new Int32Array(area), new Int32Array(area), new Int32Array(area).fill(-1)]
  for (let y = 0; y < height; y++) {
    const [above, below] = [Math.max(0, y - 1), Math.min(height - 1, y + 1)]
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)]
      const at = y * width + x
      for (let channel = 0; channel < 3; channel++) {
        const value = (row: number, column: number): number => data[(row * width + column) * 3 + channel]
        const across =
          value(above, right) +
          2 * value(y, right) +
          value(below, right) -
          (value(above, left) + 2 * value(y, left) + value(below, left))
        const down =
          value(below, left) +
          2 * value(below, x) +
          value(below, right) -
          (value(above, left) + 2 * value(above, x) + value(above, right))
        const sum = Math.abs(across) + Math.abs(down)
        if (sum <= size[at]) continue
        dx[at] = across
        dy[at] = down
        size[at] = sum
      }
    }
  }
  return { dx, dy, size }
}

/** Tangents of the angles between horizontal, diagonal and vertical. */
const [tangent22, tangent67] = [Math.SQRT2 - 1, Math.SQRT2 + 1]

/** Whether a gradient is the largest across its edge; of two alike the first in reading order counts, but on diagonals. */
function isRidge({ dx, dy, size }: Gradients, at: number, width: number, height: number): boolean {
  const [column, row] = [at % width, Math.floor(at / width)]
  const near = (down: number, right: number): number => {
    const [y, x] = [row + down, column + right]
    return y < 0 || x < 0 || y >= height || x >= width ? 0 : size[y * width + x]
  }
  const own = size[at]
  const [across, down] = [Math.abs(dx[at]), Math.abs(dy[at])]
  if (down < across * tangent22) return own > near(0, -1) && own >= near(0, 1)
  if (down > across * tangent67) return own > near(-1, 0) && own >= near(1, 0)
  const side = dx[at] < 0 !== dy[at] < 0 ? -1 : 1
  return own > near(-1, -side) && own > near(1, side)
}

/** Candidates that touch an edge, in any of eight directions, are edges too. */
function followEdges(strength: Uint8Array, stack: number[], width: number, height: number): void {
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const [column, row] = [at % width, Math.floor(at / width)]
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        if (strength[y * width + x] !== maybe) continue
        strength[y * width + x] = sure
        stack.push(y * width + x)
      }
  }
}
