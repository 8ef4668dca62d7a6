/**
 * The sinusoidal embedding of a timestep (Ho et al. 2020, after Vaswani et al. 2017, section 3.5): `width` numbers,
 * sines then cosines, or cosines first. In float32 like the reference, because the arguments reach 1000.
 */
export function timestepEmbedding(
  timestep: number,
  width: number,
  { cosineFirst, frequencyShift }: { cosineFirst: boolean; frequencyShift: number },
): Float32Array {
  const half = Math.floor(width / 2)
  const embedding = new Float32Array(width)
  for (let index = 0; index < half; index++) {
    const exponent = Math.fround(Math.fround(-Math.log(10_000) * index) / Math.fround(half - frequencyShift))
    const angle = Math.fround(Math.fround(timestep) * Math.fround(Math.exp(exponent)))
    embedding[index] = cosineFirst ? Math.cos(angle) : Math.sin(angle)
    embedding[half + index] = cosineFirst ? Math.sin(angle) : Math.cos(angle)
  }
  return embedding
}

/** Luo et al. 2023, "Latent Consistency Models", section 4.1: the guidance scale less one, in thousandths, as sines. */
export const guidanceEmbedding = (guidanceScale: number, width: number): Float32Array =>
  timestepEmbedding((guidanceScale - 1) * 1000, width, { cosineFirst: false, frequencyShift: 1 })
