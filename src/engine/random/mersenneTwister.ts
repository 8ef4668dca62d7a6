import type { Seed } from '../../shared/request/seed.ts'

/**
 * The random numbers of torch's CPU generator (Matsumoto and Nishimura 1998, MT19937, and torch's own rules for
 * turning its words into uniforms and normals). Only the low 32 bits of a seed matter, as in torch.
 */
export interface MersenneTwister {
  /** 32 random bits. */
  uint32(): number
  /** 53 random bits from two words, the first of them the high one, as a fraction in [0, 1). */
  uniform64(): number
  /** Fractions in [0, 1) of 24 random bits, one word each: `torch.rand`. */
  uniforms(count: number): Float32Array
  /** Normal noise as `torch.randn(count)` draws it; a count below 16 takes another way than a larger one. */
  normals(count: number): Float32Array
  /** Normal noise as `torch.randn(count, dtype=torch.float64)` draws it. */
  normals64(count: number): Float64Array
}

const stateSize = 624
const shift = 397

export function mersenneTwister(seed: Seed | bigint): MersenneTwister {
  const state = new Uint32Array(stateSize)
  state[0] = Number(BigInt(seed) & 0xffffffffn)
  for (let j = 1; j < stateSize; j++) {
    state[j] = Math.imul(1812433253, state[j - 1] ^ (state[j - 1] >>> 30)) + j
  }
  let position = stateSize
  /** Box-Muller makes two; the second waits here for the next small draw. */
  let waiting: number | undefined

  function uint32(): number {
    if (position === stateSize) {
      twist(state)
      position = 0
    }
    let word = state[position++]
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  const uniform32 = (): number => (uint32() & 0xffffff) / 0x1000000
  const uniform64 = (): number => {
    const high = uint32() & 0x1fffff
    return (high * 2 ** 32 + uint32()) / 2 ** 53
  }

  function small(): number {
    if (waiting !== undefined) {
      const second = waiting
      waiting = undefined
      return second
    }
    const u1 = uniform64()
    const radius = Math.sqrt(-2 * Math.log1p(-uniform64()))
    waiting = radius * Math.sin(2 * Math.PI * u1)
    return radius * Math.cos(2 * Math.PI * u1)
  }

  function fillNormals<Values extends Float32Array | Float64Array>(
    values: Values,
    uniform: () => number,
  ): Values {
    if (values.length < 16) {
      for (let i = 0; i < values.length; i++) values[i] = small()
      return values
    }
    for (let i = 0; i < values.length; i++) values[i] = uniform()
    for (let i = 0; i + 16 <= values.length; i += 16) boxMuller16(values, i)
    if (values.length % 16 !== 0) {
      // torch draws the last sixteen again rather than treat a rest: some of them are overwritten.
      const start = values.length - 16
      for (let i = start; i < values.length; i++) values[i] = uniform()
      boxMuller16(values, start)
    }
    return values
  }

  return {
    uint32,
    uniform64,
    uniforms: (count) => new Float32Array(count).map(uniform32),
    normals: (count) => fillNormals(new Float32Array(count), uniform32),
    normals64: (count) => fillNormals(new Float64Array(count), uniform64),
  }
}

/** Sixteen uniforms become sixteen normals: eight radii from the first half, eight angles from the second. */
function boxMuller16(values: Float32Array | Float64Array, start: number): void {
  for (let j = start; j < start + 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[j]))
    const angle = 2 * Math.PI * values[j + 8]
    values[j] = radius * Math.cos(angle)
    values[j + 8] = radius * Math.sin(angle)
  }
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < stateSize; i++) {
    const word = (state[i] & 0x80000000) | (state[(i + 1) % stateSize] & 0x7fffffff)
    state[i] = state[(i + shift) % stateSize] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0)
  }
}
