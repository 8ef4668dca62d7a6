import type { Latents } from '../latents.ts'

/** What an encoder says of the latents of a picture: a normal distribution of each (Kingma and Welling 2014). */

/** Mean and log variance lie one after the other; networks that give the mean alone are certain of it. */
export function splitMoments(
  moments: Float32Array,
  shape: Omit<Latents, 'data'>,
): { mean: Latents; logvar: Latents } {
  const size = shape.channels * shape.height * shape.width
  const mean = { ...shape, data: moments.slice(0, size) }
  return { mean, logvar: moments.length > size ? { ...shape, data: moments.slice(size) } : certain(shape) }
}

/** The log variance of what is known exactly. */
export const certain = (shape: Omit<Latents, 'data'>): Latents => ({
  ...shape,
  data: new Float32Array(shape.channels * shape.height * shape.width).fill(-Infinity),
})
