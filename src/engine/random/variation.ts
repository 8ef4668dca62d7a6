/** The latents of one image: row-major [channels, height, width]. */
export interface LatentShape {
  channels: number
  height: number
  width: number
}

/**
 * Spherical interpolation from one noise to another as AUTOMATIC1111 does it: norms and angles are taken along the
 * height of the latents, one per channel and column, and where the two are nearly parallel the straight mix has its
 * weights swapped. `strength` 0 is `low`, 1 is `high`.
 */
export function slerp(
  strength: number,
  low: Float32Array,
  high: Float32Array,
  { channels, height, width }: LatentShape,
): Float32Array {
  const cosines = columnCosines(low, high, { channels, height, width })
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length
  if (mean > 0.9995) return low.map((value, i) => value * strength + high[i] * (1 - strength))
  return low.map((value, i) => {
    const column = Math.floor(i / (height * width)) * width + (i % width)
    const angle = Math.acos(cosines[column])
    const towards = Math.sin(strength * angle) / Math.sin(angle)
    return value * (Math.sin((1 - strength) * angle) / Math.sin(angle)) + high[i] * towards
  })
}

/** Cosine of the angle between two latents along the height, per channel and column. */
function columnCosines(
  low: Float32Array,
  high: Float32Array,
  { channels, height, width }: LatentShape,
): Float64Array {
  return new Float64Array(channels * width).map((_, column) => {
    const first = Math.floor(column / width) * height * width + (column % width)
    let [dot, lowSquares, highSquares] = [0, 0, 0]
    for (let row = 0; row < height; row++) {
      const i = first + row * width
      dot += low[i] * high[i]
      lowSquares += low[i] ** 2
      highSquares += high[i] ** 2
    }
    return dot / Math.sqrt(lowSquares * highSquares)
  })
}

/** Latents laid centred over others of another size; what hangs over the edges is cut off, as AUTOMATIC1111 cuts. */
export function pasteCentred(
  source: Float32Array,
  from: LatentShape,
  target: Float32Array,
  onto: LatentShape,
): Float32Array {
  const result = Float32Array.from(target)
  const rows = overlap(from.height, onto.height)
  const columns = overlap(from.width, onto.width)
  for (let channel = 0; channel < onto.channels; channel++) {
    for (let row = 0; row < rows.length; row++) {
      const read = (channel * from.height + rows.read + row) * from.width + columns.read
      const write = (channel * onto.height + rows.write + row) * onto.width + columns.write
      result.set(source.subarray(read, read + columns.length), write)
    }
  }
  return result
}

/** Along one side: where to read and write and how much. An odd overhang loses one more at the far edge. */
function overlap(from: number, onto: number): { read: number; write: number; length: number } {
  const offset = Math.floor((onto - from) / 2)
  return offset >= 0
    ? { read: 0, write: offset, length: from }
    : { read: -offset, write: 0, length: from + 2 * offset }
}
