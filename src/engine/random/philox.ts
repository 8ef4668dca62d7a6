import type { Seed } from '../../shared/request/seed.ts'

/**
 * Normal noise as an NVIDIA GPU draws it with torch, for sizes where every thread draws one value: Philox4x32-10
 * (Salmon et al. 2011) keyed by the 64-bit seed, counted by (draw, 0, element, 0), in float64 as AUTOMATIC1111's
 * "NV" source computes it.
 */
export interface Philox {
  /** The next draw of this generator. */
  normals(count: number): Float32Array
}

const multiplierA = 0xd2511f53
const multiplierB = 0xcd9e8d57
const weylA = 0x9e3779b9
const weylB = 0xbb67ae85
/** CUDA's constants, which are float32. */
const toUnit = Math.fround(2.3283064e-10)
const toAngle = Math.fround(toUnit * Math.fround(6.2831855))

export function philox(seed: Seed | bigint): Philox {
  const low = Number(BigInt(seed) & 0xffffffffn)
  const high = Number((BigInt(seed) >> 32n) & 0xffffffffn)
  let draw = 0
  return {
    normals(count) {
      const values = new Float32Array(count)
      for (let i = 0; i < count; i++) values[i] = normal(draw, i, low, high)
      draw++
      return values
    },
  }
}

function normal(draw: number, element: number, keyLow: number, keyHigh: number): number {
  let [c0, c1, c2, c3] = [draw, 0, element, 0]
  let [k0, k1] = [keyLow, keyHigh]
  for (let round = 0; round < 10; round++) {
    const highA = multiplyHigh(c0, multiplierA)
    const lowA = Math.imul(c0, multiplierA)
    const highB = multiplyHigh(c2, multiplierB)
    const lowB = Math.imul(c2, multiplierB)
    c0 = (highB ^ c1 ^ k0) >>> 0
    c1 = lowB >>> 0
    c2 = (highA ^ c3 ^ k1) >>> 0
    c3 = lowA >>> 0
    k0 = (k0 + weylA) >>> 0
    k1 = (k1 + weylB) >>> 0
  }
  const u = c0 * toUnit + toUnit / 2
  const angle = c1 * toAngle + toAngle / 2
  return Math.sqrt(-2 * Math.log(u)) * Math.sin(angle)
}

/** The high 32 bits of a product of two 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = (middle % 0x10000) + aLow * bHigh
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0
}
