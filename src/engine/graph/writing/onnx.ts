import { bytes, float, integer, integers, joined, message, text, type Encoded } from './protobuf.ts'

/**
 * An ONNX model as plain data, and its encoding. Field numbers are those of onnx.proto3
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */

/** TensorProto.DataType, the members that stored weights can have. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  bfloat16: 16,
  float8e4m3: 17,
  float8e5m2: 19,
  float8e8m0: 24,
} as const
export type DataType = keyof typeof dataTypes

/** Attributes say their kind, because 1 may be a float. */
export type Attribute = { int: number } | { ints: readonly number[] } | { float: number } | { string: string }

/** ONNX's own operators, ONNX Runtime's, and those of its layout for convolutions. */
export type Domain = '' | 'com.microsoft' | 'com.microsoft.nchwc'

export interface Node {
  operator: string
  domain: Domain
  name: string
  inputs: readonly string[]
  output: string
  /** Outputs after the first. */
  further?: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
}

/** A constant: its bytes are in the model, or lie in a file below the session's folder of external data. */
export interface Initializer {
  name: string
  dataType: DataType
  shape: readonly number[]
  data: Uint8Array | FileRange
}

export interface FileRange {
  /** What the location is relative to. */
  folder: string
  /** Relative path with forward slashes. */
  location: string
  offset: number
  length: number
}

/** An input, an output or a value between them. An axis with a name in place of a size is as long as what comes in. */
export interface Port {
  name: string
  dataType: DataType
  shape: readonly (number | string)[]
}

export interface OnnxModel {
  nodes: readonly Node[]
  initializers: readonly Initializer[]
  inputs: readonly Port[]
  outputs: readonly Port[]
  /** Values between them whose shapes do not follow from the operators that make them. */
  values?: readonly Port[]
}

const opsets: Record<Domain, number> = { '': 20, 'com.microsoft': 1, 'com.microsoft.nchwc': 1 }

/** ModelProto bytes, opset 20 with ONNX Runtime's own operators beside it. */
export function encodeModel({ nodes, initializers, inputs, outputs, values = [] }: OnnxModel): Uint8Array {
  const graph = message(
    ...nodes.map((node) => bytes(1, encodeNode(node))),
    text(2, 'network'),
    ...initializers.map((initializer) => bytes(5, encodeInitializer(initializer))),
    ...inputs.map((port) => bytes(11, encodePort(port))),
    ...outputs.map((port) => bytes(12, encodePort(port))),
    ...values.map((port) => bytes(13, encodePort(port))),
  )
  const irVersion = 9
  const domains = [...new Set<Domain>(['', 'com.microsoft', ...nodes.map(({ domain }) => domain)])]
  const model = message(
    integer(1, irVersion),
    text(2, 'Latent Studio'),
    bytes(7, graph),
    ...domains.map((domain) => bytes(8, message(text(1, domain), integer(2, opsets[domain])))),
  )
  return joined(model)
}

const encodeNode = (node: Node): Encoded =>
  message(
    ...node.inputs.map((input) => text(1, input)),
    text(2, node.output),
    ...(node.further ?? []).map((output) => text(2, output)),
    text(3, node.name),
    text(4, node.operator),
    ...Object.entries(node.attributes).map(([name, value]) => bytes(5, encodeAttribute(name, value))),
    text(7, node.domain),
  )

function encodeAttribute(name: string, value: Attribute): Encoded {
  const typeField = 20
  if ('int' in value) return message(text(1, name), integer(3, value.int), integer(typeField, 2))
  if ('ints' in value) return message(text(1, name), integers(8, value.ints), integer(typeField, 7))
  if ('float' in value) return message(text(1, name), float(2, value.float), integer(typeField, 1))
  return message(text(1, name), text(4, value.string), integer(typeField, 3))
}

function encodeInitializer({ name, dataType, shape, data }: Initializer): Encoded {
  const head = message(integers(1, shape), integer(2, dataTypes[dataType]), text(8, name))
  if (data instanceof Uint8Array) return message(head, bytes(9, [data]))
  const external = 1
  const entry = (key: string, value: string): Encoded => bytes(13, message(text(1, key), text(2, value)))
  return message(
    head,
    entry('location', data.location),
    entry('offset', String(data.offset)),
    entry('length', String(data.length)),
    integer(14, external),
  )
}

function encodePort({ name, dataType, shape }: Port): Encoded {
  const dimensions = message(
    ...shape.map((size) => bytes(1, typeof size === 'number' ? integer(1, size) : text(2, size))),
  )
  const tensorType = message(integer(1, dataTypes[dataType]), bytes(2, dimensions))
  return message(text(1, name), bytes(2, bytes(1, tensorType)))
}
