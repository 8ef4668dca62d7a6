/**
 * Protocol Buffers: a message is the concatenation of its encoded fields.
 * https://protobuf.dev/programming-guides/encoding/
 */

const wireVarint = 0
const wireFixed64 = 1
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

/** Pieces one behind the other: what is encoded is copied once, when all of it is joined. */
export type Encoded = readonly Uint8Array[]

const lengthOf = (pieces: Encoded): number => pieces.reduce((length, piece) => length + piece.length, 0)

/** The bytes of a whole message. */
export function joined(pieces: Encoded): Uint8Array {
  const whole = new Uint8Array(lengthOf(pieces))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}

/** Encoded fields as one message. */
export const message = (...fields: readonly Encoded[]): Encoded => fields.flat()

/** A whole number, an enum value or a boolean. */
export const integer = (field: number, value: number): Encoded => [
  Uint8Array.from([...tag(field, wireVarint), ...signedVarint(value)]),
]

/** Whole numbers packed into one length-delimited field. */
export function integers(field: number, values: readonly number[]): Encoded {
  return bytes(field, [Uint8Array.from(values.flatMap(signedVarint))])
}

/** A 32-bit float. */
export function float(field: number, value: number): Encoded {
  const encoded = new Uint8Array(4)
  new DataView(encoded.buffer).setFloat32(0, value, true)
  return [Uint8Array.from(tag(field, wireFixed32)), encoded]
}

/** Raw bytes or an embedded message. */
export const bytes = (field: number, value: Encoded): Encoded => [
  Uint8Array.from([...tag(field, wireLengthDelimited), ...varint(lengthOf(value))]),
  ...value,
]

/** A string as UTF-8. */
export const text = (field: number, value: string): Encoded => bytes(field, [utf8.encode(value)])

/** A field of a message that was read. */
export interface Field {
  number: number
  /** What a whole number says; 0 for other kinds. */
  value: number
  /** The bytes of a string, an embedded message or a fixed number; none for a whole number. */
  content: Uint8Array
  /** The field as it stands in the message. */
  whole: Uint8Array
}

/** The fields of a message in their order, as views of it. What is cut off has less than it says. */
export function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = []
  for (let at = 0; at < message.length;) {
    const tag = readVarint(message, at)
    const wireType = tag.value % 8
    const start = tag.end
    const varint = wireType === wireVarint || wireType === wireLengthDelimited
    const { value, end } = varint ? readVarint(message, start) : { value: 0, end: start }
    const length = { [wireLengthDelimited]: value, [wireFixed32]: 4, [wireFixed64]: 8 }[wireType] ?? 0
    const content = message.subarray(end, end + length)
    fields.push({
      number: Math.floor(tag.value / 8),
      value: wireType === wireVarint ? value : 0,
      content,
      whole: message.subarray(at, end + length),
    })
    at = end + length
  }
  return fields
}

/** Whole numbers of a repeated field, packed or one by one. */
export function integersIn({ value, content }: Field): number[] {
  if (content.length === 0) return [value]
  const values: number[] = []
  for (let at = 0; at < content.length;) {
    const read = readVarint(content, at)
    values.push(read.value)
    at = read.end
  }
  return values
}

function readVarint(message: Uint8Array, start: number): { value: number; end: number } {
  let [value, at] = [0, start]
  for (let scale = 1; at < message.length; scale *= 0x80) {
    const byte = message[at++]
    value += (byte & 0x7f) * scale
    if (byte < 0x80) break
  }
  return { value, end: at }
}
