import { dataTypes, type Attribute, type DataType, type Node } from './onnx.ts'
import { broadcast, contracted, convolved } from './shapes.ts'
import type { Value } from './value.ts'

/** ONNX's operators by their names, each knowing the shape of its result. */
export abstract class Operators {
  /** Writes an operator of this scope; an input that is a text is named so in the graph, '' is left out. */
  protected abstract node(
    operator: string,
    inputs: readonly (Value | string)[],
    shape: readonly number[],
    attributes?: Record<string, Attribute>,
    domain?: Node['domain'],
  ): Value

  /** The name of a list of whole numbers. */
  protected abstract integers(values: readonly number[]): string

  /** So many times 0 in signed 8 bits. */
  protected abstract signedZeros(count: number): Value

  /** What every run makes of a tensor as it is stored, of a shape that does not follow from its operator. */
  protected abstract ofKnownShape(made: Value, stored: Value): Value

  wholeNumbers(values: readonly number[]): Value {
    return { name: this.integers(values), shape: [values.length] }
  }

  cast(x: Value, from: DataType, to: DataType): Value {
    return from === to ? x : this.node('Cast', [x], x.shape, { to: { int: dataTypes[to] } })
  }

  add(a: Value, b: Value): Value {
    return this.node('Add', [a, b], broadcast(a.shape, b.shape))
  }

  mul(a: Value, b: Value): Value {
    return this.node('Mul', [a, b], broadcast(a.shape, b.shape))
  }

  sub(a: Value, b: Value): Value {
    return this.node('Sub', [a, b], broadcast(a.shape, b.shape))
  }

  div(a: Value, b: Value): Value {
    return this.node('Div', [a, b], broadcast(a.shape, b.shape))
  }

  floor(x: Value): Value {
    return this.node('Floor', [x], x.shape)
  }

  sqrt(x: Value): Value {
    return this.node('Sqrt', [x], x.shape)
  }

  /** Of whole numbers without a sign, bit by bit. */
  bitwise(operator: 'And' | 'Or' | 'Xor', a: Value, b: Value): Value {
    return this.node(`Bitwise${operator}`, [a, b], broadcast(a.shape, b.shape))
  }

  /** Whole numbers without a sign times or divided by 2 as often as `by` says, rounded down. */
  bitShift(x: Value, direction: 'LEFT' | 'RIGHT', by: Value): Value {
    return this.node('BitShift', [x, by], x.shape, { direction: { string: direction } })
  }

  /** Numbers of 8 bits less a zero, times a factor: one for all, or one for each row, of which zeros are [rows] too. */
  dequantizeLinear(x: Value, factors: Value, zeros: Value | null): Value {
    const inputs = [x, factors, ...(zeros ? [zeros] : [])]
    return this.node('DequantizeLinear', inputs, x.shape, { axis: { int: 0 } })
  }

  /** The mean over some axes, which stay with size 1. */
  reduceMean(x: Value, axes: readonly number[]): Value {
    return this.#reduced('ReduceMean', x, axes)
  }

  /** The sum over some axes, which stay with size 1. */
  reduceSum(x: Value, axes: readonly number[]): Value {
    return this.#reduced('ReduceSum', x, axes)
  }

  /** The largest over some axes, which stay with size 1. */
  reduceMax(x: Value, axes: readonly number[]): Value {
    return this.#reduced('ReduceMax', x, axes)
  }

  /** The smallest over some axes, which stay with size 1. */
  reduceMin(x: Value, axes: readonly number[]): Value {
    return this.#reduced('ReduceMin', x, axes)
  }

  #reduced(operator: string, x: Value, axes: readonly number[]): Value {
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    return this.node(operator, [x, this.integers(axes)], shape, { keepdims: { int: 1 } })
  }

  /** Element by element, the larger one. */
  max(a: Value, b: Value): Value {
    return this.node('Max', [a, b], broadcast(a.shape, b.shape))
  }

  /** Rows of x as signed 8 bits, each divided by its factor. */
  quantizeLinear(x: Value, factors: Value): Value {
    const zeros = this.signedZeros(x.shape[0])
    return this.node('QuantizeLinear', [x, factors, zeros], x.shape, { axis: { int: 0 } })
  }

  /** The root of the sum of squares over some axes, which stay with size 1. */
  reduceL2(x: Value, axes: readonly number[]): Value {
    return this.#reduced('ReduceL2', x, axes)
  }

  /** In the notation of NumPy: "ab,bc->ac". */
  einsum(equation: string, ...operands: readonly Value[]): Value {
    const shape = contracted(equation, operands)
    return this.node('Einsum', operands, shape, { equation: { string: equation } })
  }

  sigmoid(x: Value): Value {
    return this.node('Sigmoid', [x], x.shape)
  }

  tanh(x: Value): Value {
    return this.node('Tanh', [x], x.shape)
  }

  relu(x: Value): Value {
    return this.node('Relu', [x], x.shape)
  }

  /** x where it is positive, else slope · x; a slope for each channel is [channels, 1, 1]. */
  pRelu(x: Value, slope: Value): Value {
    return this.node('PRelu', [x, slope], x.shape)
  }

  gelu(x: Value): Value {
    return this.node('Gelu', [x], x.shape)
  }

  /** Over the last axis. */
  softmax(x: Value): Value {
    return this.node('Softmax', [x], x.shape, { axis: { int: -1 } })
  }

  matMul(a: Value, b: Value): Value {
    const around = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
    return this.node('MatMul', [a, b], [...around, a.shape.at(-2)!, b.shape.at(-1)!])
  }

  /** x [rows, in] times weight, stored [out, in] or, when `transB` is false, [in, out]. */
  gemm(x: Value, weight: Value, bias: Value | null, transB: boolean): Value {
    const outputs = weight.shape[transB ? 0 : 1]
    const inputs = bias ? [x, weight, bias] : [x, weight]
    return this.node('Gemm', inputs, [x.shape[0], outputs], { transB: { int: transB ? 1 : 0 } })
  }

  /** `pads` counts rows and columns added at top, left, bottom and right. */
  conv(x: Value, weight: Value, bias: Value | null, stride: number, pads: readonly number[]): Value {
    const [, , kernelHeight, kernelWidth] = weight.shape
    const shape = convolved(x.shape, weight.shape, stride, pads)
    return this.node('Conv', bias ? [x, weight, bias] : [x, weight], shape, {
      kernel_shape: { ints: [kernelHeight, kernelWidth] },
      strides: { ints: [stride, stride] },
      pads: { ints: pads },
    })
  }

  /** Means of squares of `size` × `size`; at the edges, of what there is. */
  averagePool(x: Value, size: number): Value {
    const [batch, channels, height, width] = x.shape as [number, number, number, number]
    const shape = [batch, channels, Math.ceil(height / size), Math.ceil(width / size)]
    return this.node('AveragePool', [x], shape, {
      kernel_shape: { ints: [size, size] },
      strides: { ints: [size, size] },
      ceil_mode: { int: 1 },
    })
  }

  /** Over height and width: [batch, channels, 1, 1]. */
  globalAveragePool(x: Value): Value {
    return this.node('GlobalAveragePool', [x], [...x.shape.slice(0, 2), 1, 1])
  }

  /** The mean, or the sum of squares, of every channel of a picture: [channels]. */
  overChannels(operator: 'ReduceMean' | 'ReduceSumSquare', x: Value): Value {
    const inputs = [x, this.integers([0, 2, 3])]
    return this.node(operator, inputs, [x.shape[1]], { keepdims: { int: 0 } })
  }

  /** Over all axes after the channels. */
  instanceNormalization(x: Value, scale: Value, bias: Value, epsilon: number): Value {
    return this.node('InstanceNormalization', [x, scale, bias], x.shape, { epsilon: { float: epsilon } })
  }

  /** x / √(mean of squares over the last axis + epsilon) · scale: Zhang and Sennrich 2019. */
  rmsNormalization(x: Value, scale: Value, epsilon: number): Value {
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } }
    return this.node('SimplifiedLayerNormalization', [x, scale], x.shape, attributes)
  }

  /** Over the last axis. */
  layerNormalization(x: Value, scale: Value, bias: Value, epsilon: number): Value {
    return this.node('LayerNormalization', [x, scale, bias], x.shape, {
      axis: { int: -1 },
      epsilon: { float: epsilon },
    })
  }

  /** `open`: the axis whose size is left to the run, for what stems from inputRows. */
  reshape(x: Value, shape: readonly number[], open?: number): Value {
    const written = open === undefined ? shape : shape.with(open, -1)
    return this.node('Reshape', [x, this.integers(written)], shape)
  }

  /** As `reshape`, of a tensor as it is stored, to sizes that a run says. */
  reshapeTo(x: Value, sizes: Value, shape: readonly number[]): Value {
    return this.ofKnownShape(this.node('Reshape', [x, sizes], shape), x)
  }

  transpose(x: Value, perm: readonly number[]): Value {
    const shape = perm.map((axis) => x.shape[axis])
    return this.node('Transpose', [x], shape, { perm: { ints: perm } })
  }

  concat(parts: readonly Value[], axis: number): Value {
    const joined = parts.reduce((sum, part) => sum + part.shape[axis], 0)
    return this.node('Concat', parts, parts[0].shape.with(axis, joined), { axis: { int: axis } })
  }

  slice(x: Value, axis: number, start: number, end: number): Value {
    const range = [start, end, axis].map((value) => this.integers([value]))
    return this.node('Slice', [x, ...range], x.shape.with(axis, end - start))
  }

  /** Columns of x [rows, width] from `start` on, which a run says: `count` of them, up to `end`. */
  columnsFrom(x: Value, start: Value, end: number, count: number): Value {
    return this.node('Slice', [x, start, this.integers([end]), this.integers([1])], [x.shape[0], count])
  }

  /** Where the largest of one number of x [rows, width] is: always [0], and known only once x is. */
  firstOfOne(x: Value): Value {
    const number = this.slice(this.slice(x, 0, 0, 1), 1, 0, 1)
    return this.node('ArgMax', [number], [1], { axis: { int: 1 }, keepdims: { int: 0 } })
  }

  /** Nearest neighbour to height × width, as torch's interpolate. */
  resize(x: Value, height: number, width: number): Value {
    const shape = [...x.shape.slice(0, 2), height, width]
    return this.node('Resize', [x, '', '', this.integers(shape)], shape, {
      mode: { string: 'nearest' },
      coordinate_transformation_mode: { string: 'asymmetric' },
      nearest_mode: { string: 'floor' },
    })
  }

  /** Rows of a table. */
  gather(table: Value, rows: Value): Value {
    return this.node('Gather', [table, rows], [...rows.shape, ...table.shape.slice(1)], { axis: { int: 0 } })
  }

  /** Columns of x [rows, width]. */
  gatherColumns(x: Value, columns: Value): Value {
    return this.node('Gather', [x, columns], [x.shape[0], columns.shape[0]], { axis: { int: 1 } })
  }

  /** Of a picture [1, height, width, channels], every `stride`-th pixel from a row and column on. */
  everyPixel(
    x: Value,
    { row, column, stride, rows, columns }: Record<'row' | 'column' | 'stride' | 'rows' | 'columns', number>,
  ): Value {
    const ends = [row + stride * (rows - 1) + 1, column + stride * (columns - 1) + 1]
    const lists = [[row, column], ends, [1, 2], [stride, stride]].map((list) => this.integers(list))
    return this.node('Slice', [x, ...lists], [1, rows, columns, x.shape[3]])
  }

  /** A picture [1, height, width, channels] with `value` around it: `pads` at top, left, bottom and right. */
  padPixels(x: Value, pads: readonly number[], value: Value): Value {
    const [, height, width, channels] = x.shape as [number, number, number, number]
    const [top, left, bottom, right] = pads as [number, number, number, number]
    const around = this.integers([0, top, left, 0, 0, bottom, right, 0])
    return this.node('Pad', [x, around, value], [1, height + top + bottom, width + left + right, channels])
  }
}
