import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataTypes } from '../../graph/writing/onnx.ts'
import {
  bytes,
  fieldsOf,
  integer,
  integersIn,
  joined,
  type Encoded,
  type Field,
} from '../../graph/writing/protobuf.ts'

/**
 * An ONNX model's bytes with all that is in half precision in float32: weights, those in files beside it in `folder` too,
 * inputs, outputs, constants and casts. Half precision ends at 65504, float32 at 3.4e38. Field numbers are those of
 * onnx.proto3.
 */
export function onnxInFloat32(model: Uint8Array, folder: string): Uint8Array {
  const tensor = (message: Uint8Array): Encoded => widened(message, folder)
  /** Constants, the bodies of branches and loops, and the type that a Cast or a generator makes. */
  function attribute(message: Uint8Array): Encoded {
    const type = ['to', 'dtype'].includes(nameOf(message)) ? elementType : kept
    const [constant, body] = [embedded(tensor), embedded(graph)]
    return rewritten(message, { 3: type, 5: constant, 6: body, 10: constant, 11: body })
  }
  const node = (message: Uint8Array): Encoded => rewritten(message, { 5: embedded(attribute) })
  function graph(message: Uint8Array): Encoded {
    const port = embedded(valueInfo)
    return rewritten(message, { 1: embedded(node), 5: embedded(tensor), 11: port, 12: port, 13: port })
  }
  const ownFunction = (message: Uint8Array): Encoded => rewritten(message, { 7: embedded(node) })
  return joined(rewritten(model, { 7: embedded(graph), 25: embedded(ownFunction) }))
}

/** What becomes of a field. */
type Change = (field: Field) => Encoded

/** A message with some of its fields changed, by their numbers. */
const rewritten = (message: Uint8Array, changes: Readonly<Record<number, Change>>): Encoded =>
  fieldsOf(message).flatMap((field) => (changes[field.number] ?? kept)(field))

const kept: Change = ({ whole }) => [whole]

const embedded =
  (rewrite: (message: Uint8Array) => Encoded): Change =>
  ({ number, content }) =>
    bytes(number, rewrite(content))

const elementType: Change = ({ number, value }) =>
  integer(number, value === dataTypes.float16 ? dataTypes.float32 : value)

const valueInfo = (message: Uint8Array): Encoded => rewritten(message, { 2: embedded(type) })
const type = (message: Uint8Array): Encoded => rewritten(message, { 1: embedded(tensorType) })
const tensorType = (message: Uint8Array): Encoded => rewritten(message, { 1: elementType })

const textOf = (content: Uint8Array | undefined): string => Buffer.from(content ?? []).toString()
const fieldOf = (message: Uint8Array, number: number): Field | undefined =>
  fieldsOf(message).find((field) => field.number === number)
const nameOf = (attribute: Uint8Array): string => textOf(fieldOf(attribute, 1)?.content)

/** A tensor in float32; one of another type as it is. */
function widened(message: Uint8Array, folder: string): Encoded {
  const fields = fieldsOf(message)
  const of = (number: number): Field[] => fields.filter((field) => field.number === number)
  if (of(2)[0]?.value !== dataTypes.float16) return [message]
  const shapeAndName = [...of(1), ...of(8)].map(({ whole }) => whole)
  const [raw] = of(9)
  const halves = raw
    ? halvesIn(raw.content)
    : of(13).length > 0
      ? readBeside(of(13), folder)
      : new Float16Array(Uint16Array.from(of(5).flatMap(integersIn)).buffer)
  const numbers = new Uint8Array(Float32Array.from(halves).buffer)
  return [...shapeAndName, ...integer(2, dataTypes.float32), ...bytes(9, [numbers])]
}

/** Weights too large for the model itself: `entries` name their file and where in it they lie. */
function readBeside(entries: readonly Field[], folder: string): Float16Array {
  const texts = entries.map(({ content }) => [1, 2].map((part) => textOf(fieldOf(content, part)?.content)))
  const { location, offset = '0', length } = Object.fromEntries(texts) as Record<string, string | undefined>
  const file = readFileSync(join(folder, location!))
  const end = length === undefined ? file.length : Number(offset) + Number(length)
  return halvesIn(file.subarray(Number(offset), end))
}

const halvesIn = (stored: Uint8Array): Float16Array => new Float16Array(Uint8Array.from(stored).buffer)
