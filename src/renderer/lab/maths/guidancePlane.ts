/** A point in the plane, in the units of latents (root mean square). */
export interface PlanePoint {
  x: number
  y: number
}

/**
 * Guesses of clean latents as points of a plane: the unconditional one is the origin, the first axis leads to the
 * conditional one, and the second to what `towards` has beside that. Lengths are root mean squares, so that they do not
 * depend on the size of the picture.
 */
export function guidancePlane(
  { unconditional, conditional, towards }: Record<'unconditional' | 'conditional' | 'towards', Float32Array>,
  points: readonly Float32Array[],
): PlanePoint[] {
  const along = unit(from(unconditional, conditional))
  const aim = from(unconditional, towards)
  const share = dot(aim, along)
  const aside = unit(aim.map((value, i) => value - share * along[i]))
  const scale = 1 / Math.sqrt(unconditional.length)
  return points.map((point) => {
    const way = from(unconditional, point)
    return { x: dot(way, along) * scale, y: dot(way, aside) * scale }
  })
}

const from = (start: Float32Array, end: Float32Array): Float64Array =>
  Float64Array.from(end, (value, i) => value - start[i])

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** Of length one; zeros stay zeros. */
function unit(way: Float64Array): Float64Array {
  const length = Math.sqrt(dot(way, way))
  return length > 0 ? way.map((value) => value / length) : way
}
