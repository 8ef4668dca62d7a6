/**
 * Gray-Scott: u is fed and eaten, v eats it and is taken away (Gray and Scott 1984; Pearson 1993, eq. 1 and 2):
 * u' = Du ∇²u - u v² + F (1 - u), v' = Dv ∇²v + u v² - (F + k) v.
 */
export interface Reaction {
  /** How fast u is fed. */
  feed: number
  /** How fast v is taken away beside that. */
  kill: number
}

/** Diffusion of u and v per time step of one, in squared cells. */
export const diffusion = { u: 0.2097, v: 0.105 } as const

/** u and v of every cell, row-major, on a torus: what leaves at one side comes in at the other. */
export interface Field {
  width: number
  height: number
  u: Float32Array
  v: Float32Array
}

/** u is 1 and v is 0 everywhere: nothing happens until something is put in. */
export const emptyField = (width: number, height: number): Field => ({
  width,
  height,
  u: new Float32Array(width * height).fill(1),
  v: new Float32Array(width * height),
})

/** Puts a round drop of v in, at a place in cells. */
export function putDrop({ width, height, u, v }: Field, x: number, y: number, radius: number): void {
  for (let dy = -radius; dy <= radius; dy++)
    for (let dx = -radius; dx <= radius; dx++) {
      if (dx * dx + dy * dy > radius * radius) continue
      const at = wrap(Math.round(y + dy), height) * width + wrap(Math.round(x + dx), width)
      u[at] = 0.5
      v[at] = 0.25
    }
}

const wrap = (place: number, side: number): number => ((place % side) + side) % side

/** One explicit Euler step of one unit of time, from one field into another. The Laplacian has nine points. */
export function step(from: Field, to: Field, { feed, kill }: Reaction): void {
  const { width, height, u, v } = from
  for (let y = 0; y < height; y++) {
    const row = y * width
    const up = wrap(y - 1, height) * width
    const down = wrap(y + 1, height) * width
    for (let x = 0; x < width; x++) {
      const left = x === 0 ? width - 1 : x - 1
      const right = x === width - 1 ? 0 : x + 1
      const at = row + x
      const spread = (values: Float32Array): number =>
        0.2 * (values[up + x] + values[down + x] + values[row + left] + values[row + right]) +
        0.05 * (values[up + left] + values[up + right] + values[down + left] + values[down + right]) -
        values[at]
      const eaten = u[at] * v[at] * v[at]
      to.u[at] = u[at] + diffusion.u * spread(u) - eaten + feed * (1 - u[at])
      to.v[at] = v[at] + diffusion.v * spread(v) + eaten - (feed + kill) * v[at]
    }
  }
}

/** Places on the map of the two parameters where something grows, by what it looks like. */
export const patterns = {
  spots: { feed: 0.035, kill: 0.065 },
  mitosis: { feed: 0.0367, kill: 0.0649 },
  coral: { feed: 0.0545, kill: 0.062 },
  worms: { feed: 0.058, kill: 0.065 },
  maze: { feed: 0.029, kill: 0.057 },
  holes: { feed: 0.039, kill: 0.058 },
  waves: { feed: 0.014, kill: 0.045 },
  chaos: { feed: 0.026, kill: 0.051 },
} as const satisfies Record<string, Reaction>
export type Pattern = keyof typeof patterns
