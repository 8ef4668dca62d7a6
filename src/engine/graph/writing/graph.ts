import { dataTypes, encodeModel, type Attribute, type Initializer, type Node, type Port } from './onnx.ts'
import type { Adaptation, Branch } from '../adapters/adaptation.ts'
import { keepsBlocks, plain, type BlockOperator } from '../layers/blocks.ts'
import { Constants } from './constants.ts'
import { emptyContents, type Contents } from './contents.ts'
import { commonFolder, foundFrom } from './externalData.ts'
import type { Written } from './folding.ts'
import { isQuantisable, round, type Rounding } from '../weights/quantise.ts'
import { sizeOf } from './shapes.ts'
import { uprightWeight, weightRows, wholeWeight } from '../weights/storedWeights.ts'
import { zeroInput, type Dialect, type Value } from './value.ts'
import {
  rowsOfWeight,
  weightOfShape,
  type Rows,
  type Weight,
  type WeightName,
  type WeightSource,
} from '../weights/weight.ts'

/**
 * A network being written. Methods carry the names of ONNX's operators; a scope spells the checkpoint's key, so inside
 * `down_blocks.0.resnets.1`, `conv1` looks up `down_blocks.0.resnets.1.conv1.weight`.
 */
export class Graph extends Constants {
  override readonly dialect: Dialect
  readonly #contents: Contents
  readonly #prefix: string

  private constructor(contents: Contents, prefix: string) {
    super()
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
    return new Graph(emptyContents({ source, nameOf, dialect, adaptation }), '')
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
    this.roundings.splice(0).forEach(round)
    const initializers = [...this.#contents.initializers.values()]
    return encodeModel({
      ...this.#contents,
      initializers: initializers.map((initializer) => foundFrom(folder, initializer)),
    })
  }

  /** Weights of the graph that are not rounded yet: by whoever takes them out, or while it is encoded. */
  get roundings(): Rounding[] {
    return this.#contents.roundings
  }

  /** All that is written so far. */
  get written(): Written {
    return this.#contents
  }

  has(name: string): boolean {
    return this.#contents.source(this.#key(name)) !== undefined
  }

  isTransposed(name: string): boolean {
    const key = this.#key(name)
    if (this.#contents.adaptation?.changes(key)) return false
    return this.#contents.source(key)?.transposed ?? false
  }

  /** Whether the halves of its rows have changed places. */
  isSwapped(name: string): boolean {
    return this.#contents.source(this.#key(name))?.swapped ?? false
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

  /** Some rows of a tensor that is cuttable, seen as `as`: they stay where they lie. */
  weightPart(name: string, shape: readonly number[], rows: Rows, as: readonly number[]): Value {
    return wholeWeight(this, `${name}:${rows.from}`, rowsOfWeight(this.#find(name, shape), rows), as)
  }

  /** Whether the rows of a layer's tensor lie in their order, as numbers that nothing changes. */
  isCuttable(name: string): boolean {
    const weight = this.#contents.source(this.#key(name))
    const { transposed = true, swapped = false, blocks } = weight ?? {}
    return !transposed && !swapped && !blocks && !this.dialect.turbo && !this.isAdapted()
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

  /** The tensor as it is stored; null where adapters change it. */
  untouched(name: string, shape: readonly number[]): Weight | null {
    return this.#contents.adaptation?.changes(this.#key(name)) ? null : this.#find(name, shape)
  }

  protected override get initializers(): Map<string, Initializer> {
    return this.#contents.initializers
  }

  /** Whether the tensor can be rounded to 8 bits: not where adapters change what the layer computes. */
  isQuantisable(name: string): boolean {
    const weight = this.#contents.source(this.#key(name))
    return weight !== undefined && isQuantisable(weight) && !this.isAdapted()
  }

  /** Numbers of a range of their own in 8 bits; what they are multiplied with, and which of them is 0. */
  dynamicQuantizeLinear(x: Value): Record<'rounded' | 'scale' | 'zero', Value> {
    const rounded = this.node('DynamicQuantizeLinear', [x], x.shape)
    const scale = { name: `${rounded.name}:scale`, shape: [] }
    const zero = { name: `${rounded.name}:zero`, shape: [] }
    this.#contents.nodes.at(-1)!.further = [scale.name, zero.name]
    return { rounded, scale, zero }
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

  /**
   * Weights that stay in their file and are read from here on are widened once `x` [rows, width] is computed: ONNX Runtime
   * may begin with all that waits for nothing, and would hold every wide weight at once.
   */
  widenAfter(x: Value): void {
    this.#contents.waitingFor = x
  }

  /** Always [0], and known only once that is computed, or to a run. */
  zero(): Value {
    const { inputs, zeros, waitingFor } = this.#contents
    if (waitingFor) {
      const known = zeros.get(waitingFor.name) ?? this.firstOfOne(waitingFor)
      zeros.set(waitingFor.name, known)
      return known
    }
    if (!inputs.some((input) => input.name === zeroInput))
      inputs.push({ name: zeroInput, dataType: 'int64', shape: [1] })
    return { name: zeroInput, shape: [1] }
  }

  /**
   * ONNX Runtime is told the shape: planning memory takes it a time that grows with the square of the values whose shape it
   * does not know. Measured with SDXL: 15 s of a core without, 2 s with it.
   */
  protected override ofKnownShape(made: Value, stored: Value): Value {
    const { dataType } = this.#contents.initializers.get(stored.name)!
    this.#contents.values.push({ name: made.name, dataType, shape: made.shape })
    return made
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
      inputs: [plain(this, value).name],
      output: name,
      attributes: half ? { to: { int: dataTypes.float32 } } : {},
    })
  }

  protected override node(
    operator: string,
    inputs: readonly (Value | string)[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
    domain: Node['domain'] = '',
  ): Value {
    const stays = keepsBlocks(operator, inputs, attributes)
    const read = stays
      ? inputs
      : inputs.map((input) => (typeof input === 'string' ? input : plain(this, input)))
    const { name } = this.#write(operator, read, shape, attributes, domain)
    return stays ? { name, shape, blocked: true } : { name, shape }
  }

  /** Writes an operator of blocks, which reads its inputs as they lie. `shape` is that of the plain picture. */
  inBlocks(
    operator: BlockOperator,
    inputs: readonly (Value | string)[],
    shape: readonly number[],
    attributes: Record<string, Attribute> = {},
  ): Value {
    const { name } = this.#write(operator, inputs, shape, attributes, 'com.microsoft.nchwc')
    return operator === 'ReorderOutput' ? { name, shape } : { name, shape, blocked: true }
  }

  /** What `reorder` makes of a picture, once. */
  reordered(x: Value, reorder: () => Value): Value {
    const { reordered } = this.#contents
    const known = reordered.get(x.name) ?? reorder()
    reordered.set(x.name, known)
    return known
  }

  #write(
    operator: string,
    inputs: readonly (Value | string)[],
    shape: readonly number[],
    attributes: Record<string, Attribute>,
    domain: Node['domain'],
  ): Value {
    const name = `${this.#key(operator)}#${this.#contents.nodes.length}`
    const names = inputs.map((input) => (typeof input === 'string' ? input : input.name))
    this.#contents.nodes.push({ operator, domain, name, inputs: names, output: name, attributes })
    this.#contents.elements.set(name, sizeOf(shape))
    return { name, shape }
  }
}
