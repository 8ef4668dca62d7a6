/** Uniform numbers in [0, 1) from a seed: mulberry32 by Tommy Ettinger, public domain. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Standard normals out of uniform numbers: Box and Muller 1958. */
export function normalsFrom(uniform: () => number): (count: number) => Float32Array {
  return (count) => {
    const values = new Float32Array(count)
    for (let i = 0; i < count; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      const angle = 2 * Math.PI * uniform()
      values[i] = radius * Math.cos(angle)
      if (i + 1 < count) values[i + 1] = radius * Math.sin(angle)
    }
    return values
  }
}
