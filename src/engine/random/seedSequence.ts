/**
 * numpy's SeedSequence (O'Neill 2015, seed_seq_fe): spreads a seed and a key over words that look random. Brownian
 * trees seed every node with it.
 */
export function seedSequence(
  entropy: bigint,
  spawnKey: readonly number[],
  poolSize: number,
  count: number,
): Uint32Array {
  const pool = mixEntropy(
    words(entropy),
    spawnKey.flatMap((key) => words(BigInt(key))),
    poolSize,
  )
  let constant = 0x8b51f9dd
  return new Uint32Array(count).map((_, i) => {
    let value = pool[i % poolSize] ^ constant
    constant = Math.imul(constant, 0x58f38ded)
    value = Math.imul(value, constant)
    return value ^ (value >>> 16)
  })
}

function mixEntropy(entropy: number[], spawnKey: number[], poolSize: number): Uint32Array {
  const padded =
    spawnKey.length > 0 && entropy.length < poolSize
      ? [...entropy, ...new Array<number>(poolSize - entropy.length).fill(0)]
      : entropy
  const input = [...padded, ...spawnKey]
  let constant = 0x43b0d7e5
  const hash = (word: number): number => {
    let value = word ^ constant
    constant = Math.imul(constant, 0x931e8875)
    value = Math.imul(value, constant)
    return (value ^ (value >>> 16)) >>> 0
  }
  const mix = (x: number, y: number): number => {
    const value = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)
    return (value ^ (value >>> 16)) >>> 0
  }
  const pool = new Uint32Array(poolSize)
  for (let i = 0; i < poolSize; i++) pool[i] = hash(input[i] ?? 0)
  for (let source = 0; source < poolSize; source++) {
    for (let target = 0; target < poolSize; target++) {
      if (source !== target) pool[target] = mix(pool[target], hash(pool[source]))
    }
  }
  for (const word of input.slice(poolSize)) {
    for (let target = 0; target < poolSize; target++) pool[target] = mix(pool[target], hash(word))
  }
  return pool
}

/** A whole number as 32-bit words, the lowest first; 0 is one word. */
function words(value: bigint): number[] {
  const result = [Number(value & 0xffffffffn)]
  for (let rest = value >> 32n; rest > 0n; rest >>= 32n) result.push(Number(rest & 0xffffffffn))
  return result
}
