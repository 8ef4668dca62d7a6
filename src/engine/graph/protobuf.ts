/**
 * Protocol Buffers, writing only: a message is the concatenation of its encoded fields.
 * https://protobuf.dev/programming-guides/encoding/
 */

const wireVarint = 0
const wireLengthDelimited = 2
const wireFixed32 = 5

const utf8 = new TextEncoder()

/** A whole number 0 to 2^53, seven bits a byte, least significant first. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return bytes
}

/** -1 and its like take ten bytes: two's complement in 64 bits. */
function signedVarint(value: number): number[] {
  if (value >= 0) return varint(value)
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return bytes
}

const tag = (field: number, wireType: number): number[] => varint(field * 8 + wireType)

/** Joins encoded fields into one message. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(fields.reduce((length, field) => length + field.length, 0))
  let offset = 0
  for (const field of fields) {
    joined.set(field, offset)
    offset += field.length
  }
  return joined
}

/** A whole number, an enum value or a boolean. */
export const integer = (field: number, value: number): Uint8Array =>
  Uint8Array.from([...tag(field, wireVarint), ...signedVarint(value)])

/** Whole numbers packed into one length-delimited field. */
export function integers(field: number, values: readonly number[]): Uint8Array {
  return bytes(field, Uint8Array.from(values.flatMap(signedVarint)))
}

/** A 32-bit float. */
export function float(field: number, value: number): Uint8Array {
  const encoded = new Uint8Array(4)
  new DataView(encoded.buffer).setFloat32(0, value, true)
  return message(Uint8Array.from(tag(field, wireFixed32)), encoded)
}

/** Raw bytes or an embedded message. */
export const bytes = (field: number, value: Uint8Array): Uint8Array =>
  message(Uint8Array.from([...tag(field, wireLengthDelimited), ...varint(value.length)]), value)

/** A string as UTF-8. */
export const text = (field: number, value: string): Uint8Array => bytes(field, utf8.encode(value))
