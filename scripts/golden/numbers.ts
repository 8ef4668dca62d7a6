/** Little-endian float32 in base64, as the golden files hold arrays. */
export function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}

/** Largest absolute difference; infinite where lengths differ or a number is not finite. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity
  let largest = 0
  for (let index = 0; index < found.length; index++) {
    const difference = Math.abs(found[index] - expected[index])
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference
  }
  return largest
}
