import type { PackedNumbers } from '../../shared/calls/labCalls.ts'

/** Numbers as they cross the contract: base64 of little-endian float32 or float16. */

export const unpackFloat32 = (packed: PackedNumbers): Float32Array => new Float32Array(bytesOf(packed).buffer)

export const unpackFloat16 = (packed: PackedNumbers): Float32Array => widened(halvesOf(packed))

/** The bits of float16 numbers: half the room of the numbers that `widened` makes of them. */
export const halvesOf = (packed: PackedNumbers): Uint16Array => new Uint16Array(bytesOf(packed).buffer)

export const widened = (halves: Uint16Array): Float32Array => Float32Array.from(halves, fromHalf)

export function packFloat32(values: Float32Array): PackedNumbers {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const pieces: string[] = []
  const most = 0x8000
  for (let at = 0; at < bytes.length; at += most)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + most)))
  return btoa(pieces.join(''))
}

const bytesOf = (packed: PackedNumbers): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))

/** IEEE 754-2008 binary16: 1 sign bit, 5 of the exponent, 10 of the fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
