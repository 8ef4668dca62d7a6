import type { Operation } from './activations.ts'
import {
  dataTypes,
  encodeModel,
  type Attribute,
  type DataType,
  type Initializer,
  type Node,
  type Port,
} from './onnx.ts'
import type { Adaptation, Branch } from './adapters/adaptation.ts'
import { commonFolder, foundFrom } from './externalData.ts'
import { broadcast, contracted, convolved, sizeOf } from './shapes.ts'
import { uprightWeight, weightRows, wholeWeight } from './storedWeights.ts'
import { weightOfShape, type Weight, type WeightName, type WeightSource } from './weight.ts'

/** The result of an operator: its name in the graph and its shape, which is always known. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
}

/** What a device computes best, decided by the engine's self-test. */
export interface Dialect {
  /** Fused attention, or plain matrix products over slices of the queries. */
  readonly attention: 'fused' | 'sliced'
  /** Type of weights and activations inside the graph; inputs and outputs are float32 always. */
  readonly precision: 'float32' | 'float16'
  /** Doubling a picture and the convolution after it as one, on the small picture; without it, one after the other. */
  readonly upsampling?: 'folded'
}

interface Contents {
  readonly source: WeightSource
  readonly nameOf: WeightName
  readonly dialect: Dialect
  readonly adaptation: Adaptation | null
  readonly nodes: Node[]
  readonly initializers: Map<string, Initializer>
  readonly inputs: Port[]
  readonly outputs: Port[]
  /** Numbers in every value that is computed. */
  readonly elements: Map<string, number>
}

/**
 * A network being written. Methods carry the names of ONNX's operators; a scope spells the checkpoint's key, so inside
 * `down_blocks.0.resnets.1`, `conv1` looks up `down_blocks.0.resnets.1.conv1.weight`.
 */
export class Graph {
  readonly dialect: Dialect
  readonly #contents: Contents
  readonly #prefix: string

  private constructor(contents: Contents, prefix: string) {
    this.dialect = contents.dialect
    this.#contents = contents
    this.#prefix = prefix
  }

  static over(
    source: WeightSource,
    dialect: Dialect,
    nameOf: WeightName = (key) => `Tensor "${key}"`,
    adaptation: Adaptation | null = null,
  ): Graph {
    const initializers = new Map<string, Initializer>()
    const empty = { nodes: [], initializers, inputs: [], outputs: [], elements: new Map<string, number>() }
    return new Graph({ source, nameOf, dialect, adaptation, ...empty }, '')
  }

  /** The same graph, looking up keys below `name`. */
  scope(name: string | number): Graph {
    return new Graph(this.#contents, this.#key(String(name)))
  }

  #key(name: string): string {
    return this.#prefix ? `${this.#prefix}.${name}` : name
  }

  /** The folder that all files with its tensors lie below; '.' where there are none. */
  get folder(): string {
    const ranges = [...this.#contents.initializers.values()].map(({ data }) => data)
    const folders = new Set(ranges.flatMap((data) => (data instanceof Uint8Array ? [] : [data.folder])))
    return folders.size === 0 ? '.' : commonFolder([...folders])
  }

  /** The whole graph as ONNX bytes, its files named as they are found from `folder`. */
  encode(folder = this.folder): Uint8Array {
    const initializers = [...this.#contents.initializers.values()]
    return encodeModel({
      ...this.#contents,
      initializers: initializers.map((initializer) => foundFrom(folder, initializer)),
    })
  }

  /** What every run computes, in order; what follows from weights alone is folded when the graph is opened. */
  operations(): Operation[] {
    const { nodes, elements, initializers } = this.#contents
    const constant = new Set(['', ...initializers.keys()])
    return nodes.flatMap(({ operator, inputs, output }) => {
      const computed = inputs.filter((name) => !constant.has(name))
      if (computed.length === 0) constant.add(output)
      return computed.length === 0
        ? []
        : [{ operator, inputs: computed, output, elements: elements.get(output)! }]
    })
  }

  has(name: string): boolean {
    return this.#contents.source(this.#key(name)) !== undefined
  }

  isTransposed(name: string): boolean {
    const key = this.#key(name)
    if (this.#contents.adaptation?.changes(key)) return false
    return this.#contents.source(key)?.transposed ?? false
  }

  /**
   * The tensor `name` of this scope, checked to have `shape` and seen as `as` (the same numbers in the same order),
   * with what adapters change in it. Throws `missing-weight` or `mis-shaped-weight` with the key and both shapes.
   */
  weight(name: string, shape: readonly number[], as: readonly number[] = shape): Value {
    const [weight, key] = [this.#find(name, shape), this.#key(name)]
    const { adaptation } = this.#contents
    if (!adaptation?.changes(key)) return wholeWeight(this, name, weight, as)
    const changed = adaptation.weight(this, key, uprightWeight(this, name, weight))
    return this.cast(this.reshape(changed, as), 'float32', this.dialect.precision)
  }

  /** Whether adapters change what the layer of this scope computes. */
  isAdapted(): boolean {
    return this.branches().length > 0 || Boolean(this.#contents.adaptation?.changes(this.#key('weight')))
  }

  /** What adapters add to the result of the layer of this scope. */
  branches(): readonly Branch[] {
    return this.#contents.adaptation?.branches(this.#prefix) ?? []
  }

  /** Rows of a table of weights [count, width]: only they are converted, the table stays as it lies. */
  gatherWeight(name: string, shape: readonly number[], rows: Value): Value {
    return weightRows(this, name, this.#find(name, shape), rows)
  }

  #find(name: string, shape: readonly number[]): Weight {
    const { source, nameOf } = this.#contents
    return weightOfShape(source, nameOf, this.#key(name), shape)
  }

  /** Numbers in the type they are stored in, under a name of this scope. */
  stored(
    name: string,
    { dataType, data }: Pick<Initializer, 'dataType' | 'data'>,
    shape: readonly number[],
  ): Value {
    const full = `${this.#key(name)}:${shape.join('x')}`
    this.#contents.initializers.set(full, { name: full, dataType, shape, data })
    return { name: full, shape }
  }

  /** Numbers that are part of the network's form, not of its training. */
  constant(values: readonly number[], shape: readonly number[]): Value {
    const name = `constant:${values.length > 8 ? this.#contents.initializers.size : values.join(',')}:${shape.join('x')}`
    const data = new Uint8Array(Float32Array.from(values).buffer)
    this.#contents.initializers.set(name, { name, dataType: 'float32', shape, data })
    return this.cast({ name, shape }, 'float32', this.dialect.precision)
  }

  /** A number in single precision, whatever the graph computes in. */
  wideNumber(value: number): Value {
    const data = new Uint8Array(Float32Array.of(value).buffer)
    const name = `number:${value}`
    this.#contents.initializers.set(name, { name, dataType: 'float32', shape: [1], data })
    return { name, shape: [1] }
  }

  #integers(values: readonly number[]): string {
    const name = `integers:${values.join(',')}`
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    this.#contents.initializers.set(name, { name, dataType: 'int64', shape: [values.length], data })
    return name
  }

  input(name: string, shape: readonly number[]): Value {
    return this.cast(this.wideInput(name, shape), 'float32', this.dialect.precision)
  }

  /** An input that stays in single precision. */
  wideInput(name: string, shape: readonly number[]): Value {
    this.#contents.inputs.push({ name, dataType: 'float32', shape })
    return { name, shape }
  }

  /** The inputs so far. */
  get inputs(): readonly Port[] {
    return this.#contents.inputs
  }

  /** Rows of which there are at most `shape[0]`: how many, every run says anew. */
  inputRows(name: string, shape: readonly [number, number]): Value {
    this.#contents.inputs.push({ name, dataType: 'float32', shape: [`${name} rows`, shape[1]] })
    return this.cast({ name, shape }, 'float32', this.dialect.precision)
  }

  /** Whole numbers that pick rows. */
  indices(name: string, length: number): Value {
    this.#contents.inputs.push({ name, dataType: 'int32', shape: [length] })
    return { name, shape: [length] }
  }

  output(name: string, value: Value): void {
    this.#contents.outputs.push({ name, dataType: 'float32', shape: value.shape })
    this.#contents.elements.set(name, sizeOf(value.shape))
    const half = this.dialect.precision === 'float16'
    this.#contents.nodes.push({
      operator: half ? 'Cast' : 'Identity',
      domain: '',
      name,
      inputs: [value.name],
      output: name,
      attributes: half ? { to: { int: dataTypes.float32 } } : {},
    })
  }

  cast(x: Value, from: DataType, to: DataType): Value {
    return from === to ? x : this.#add('Cast', [x], x.shape, { to: { int: dataTypes[to] } })
  }

  add(a: Value, b: Value): Value {
    return this.#add('Add', [a, b], broadcast(a.shape, b.shape))
  }

  mul(a: Value, b: Value): Value {
    return this.#add('Mul', [a, b], broadcast(a.shape, b.shape))
  }

  sub(a: Value, b: Value): Value {
    return this.#add('Sub', [a, b], broadcast(a.shape, b.shape))
  }

  div(a: Value, b: Value): Value {
    return this.#add('Div', [a, b], broadcast(a.shape, b.shape))
  }

  /** The root of the sum of squares over some axes, which stay with size 1. */
  reduceL2(x: Value, axes: readonly number[]): Value {
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    return this.#add('ReduceL2', [x, this.#integers(axes)], shape, { keepdims: { int: 1 } })
  }

  /** In the notation of NumPy: "ab,bc->ac". */
  einsum(equation: string, ...operands: readonly Value[]): Value {
    const shape = contracted(equation, operands)
    return this.#add('Einsum', operands, shape, { equation: { string: equation } })
  }

  sigmoid(x: Value): Value {
    return this.#add('Sigmoid', [x], x.shape)
  }

  tanh(x: Value): Value {
    return this.#add('Tanh', [x], x.shape)
  }

  relu(x: Value): Value {
    return this.#add('Relu', [x], x.shape)
  }

  /** x where it is positive, else slope · x; a slope for each channel is [channels, 1, 1]. */
  pRelu(x: Value, slope: Value): Value {
    return this.#add('PRelu', [x, slope], x.shape)
  }

  gelu(x: Value): Value {
    return this.#add('Gelu', [x], x.shape)
  }

  /** Over the last axis. */
  softmax(x: Value): Value {
    return this.#add('Softmax', [x], x.shape, { axis: { int: -1 } })
  }

  matMul(a: Value, b: Value): Value {
    return this.#add('MatMul', [a, b], [...a.shape.slice(0, -1), b.shape.at(-1)!])
  }

  /** x [rows, in] times weight, stored [out, in] or, when `transB` is false, [in, out]. */
  gemm(x: Value, weight: Value, bias: Value | null, transB: boolean): Value {
    const outputs = weight.shape[transB ? 0 : 1]
    const inputs = bias ? [x, weight, bias] : [x, weight]
    return this.#add('Gemm', inputs, [x.shape[0], outputs], { transB: { int: transB ? 1 : 0 } })
  }

  /** `pads` counts rows and columns added at top, left, bottom and right. */
  conv(x: Value, weight: Value, bias: Value | null, stride: number, pads: readonly number[]): Value {
    const [, , kernelHeight, kernelWidth] = weight.shape
    const shape = convolved(x.shape, weight.shape, stride, pads)
    return this.#add('Conv', bias ? [x, weight, bias] : [x, weight], shape, {
      kernel_shape: { ints: [kernelHeight, kernelWidth] },
      strides: { ints: [stride, stride] },
      pads: { ints: pads },
    })
  }

  /** Means of squares of `size` × `size`; at the edges, of what there is. */
  averagePool(x: Value, size: number): Value {
    const [batch, channels, height, width] = x.shape as [number, number, number, number]
    const shape = [batch, channels, Math.ceil(height / size), Math.ceil(width / size)]
    return this.#add('AveragePool', [x], shape, {
      kernel_shape: { ints: [size, size] },
      strides: { ints: [size, size] },
      ceil_mode: { int: 1 },
    })
  }

  /** Over height and width: [batch, channels, 1, 1]. */
  globalAveragePool(x: Value): Value {
    return this.#add('GlobalAveragePool', [x], [...x.shape.slice(0, 2), 1, 1])
  }

  /** The mean, or the sum of squares, of every channel of a picture: [channels]. */
  overChannels(operator: 'ReduceMean' | 'ReduceSumSquare', x: Value): Value {
    const inputs = [x, this.#integers([0, 2, 3])]
    return this.#add(operator, inputs, [x.shape[1]], { keepdims: { int: 0 } })
  }

  /** Over all axes after the channels. */
  instanceNormalization(x: Value, scale: Value, bias: Value, epsilon: number): Value {
    return this.#add('InstanceNormalization', [x, scale, bias], x.shape, { epsilon: { float: epsilon } })
  }

  /** Over the last axis. */
  layerNormalization(x: Value, scale: Value, bias: Value, epsilon: number): Value {
    return this.#add('LayerNormalization', [x, scale, bias], x.shape, {
      axis: { int: -1 },
      epsilon: { float: epsilon },
    })
  }

  /** `open`: the axis whose size is left to the run, for what stems from inputRows. */
  reshape(x: Value, shape: readonly number[], open?: number): Value {
    const written = open === undefined ? shape : shape.with(open, -1)
    return this.#add('Reshape', [x, this.#integers(written)], shape)
  }

  transpose(x: Value, perm: readonly number[]): Value {
    const shape = perm.map((axis) => x.shape[axis])
    return this.#add('Transpose', [x], shape, { perm: { ints: perm } })
  }

  concat(parts: readonly Value[], axis: number): Value {
    const joined = parts.reduce((sum, part) => sum + part.shape[axis], 0)
    return this.#add('Concat', parts, parts[0].shape.with(axis, joined), { axis: { int: axis } })
  }

  slice(x: Value, axis: number, start: number, end: number): Value {
    const range = [start, end, axis].map((value) => this.#integers([value]))
    return this.#add('Slice', [x, ...range], x.shape.with(axis, end - start))
  }

  /** Nearest neighbour to height × width, as torch's interpolate. */
  resize(x: Value, height: number, width: number): Value {
    const shape = [...x.shape.slice(0, 2), height, width]
    return this.#add('Resize', [x, '', '', this.#integers(shape)], shape, {
      mode: { string: 'nearest' },
      coordinate_transformation_mode: { string: 'asymmetric' },
      nearest_mode: { string: 'floor' },
    })
  }

  /** Rows of a table. */
  gather(table: Value, rows: Value): Value {
    return this.#add('Gather', [table, rows], [...rows.shape, ...table.shape.slice(1)], { axis: { int: 0 } })
  }

  /** ONNX Runtime's fused attention: query [1, n, width], key and value [1, m, width], widths cut into heads. */
  multiHeadAttention(query: Value, key: Value, value: Value, heads: number, bias: Value | null): Value {
    const inputs = bias ? [query, key, value, '', '', bias] : [query, key, value]
    const attributes = { num_heads: { int: heads } }
    return this.#add('MultiHeadAttention', inputs, query.shape, attributes, 'com.microsoft')
  }

  #add(
    operator: string,
    inputs: readonly (Value | string)[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
    domain: Node['domain'] = '',
  ): Value {
    const name = `${this.#key(operator)}#${this.#contents.nodes.length}`
    const names = inputs.map((input) => (typeof input === 'string' ? input : input.name))
    this.#contents.nodes.push({ operator, domain, name, inputs: names, output: name, attributes })
    this.#contents.elements.set(name, sizeOf(shape))
    return { name, shape }
  }
}
