import type { Operation } from './activations.ts'
import { dataTypes, type DataType, type Initializer, type Node } from './onnx.ts'
import { sizeOf } from './shapes.ts'

/** What a graph consists of, as far as it is known which of it every run computes. */
export interface Written {
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, Pick<Initializer, 'shape' | 'dataType'>>
  /** Numbers in every value that is computed. */
  readonly elements: ReadonlyMap<string, number>
}

/**
 * What every run computes, in order; what follows from weights alone is folded when the graph is opened. Numbers of 8 bits
 * count as a quarter.
 */
export function operationsOf(written: Written): Operation[] {
  const { nodes, elements } = written
  const constant = constantsOf(written)
  const bytes = bytesOf(written)
  const widened = widenedIn(written, constant)
  return nodes
    .filter(({ output }) => !constant.has(output))
    .map(({ operator, domain, inputs, output }) => ({
      // What lies in the file is copied, not seen otherwise.
      operator:
        operator === 'Reshape'
          ? constant.has(inputs[0])
            ? 'Copy'
            : operator
          : // Of what lies in blocks ONNX Runtime does not know the shape, and writes over nothing then.
            `${kindOf(operator, domain)}${widened.has(output) ? ' of a weight' : ''}`,
      inputs: inputs.filter((name) => !constant.has(name)),
      output,
      elements: elements.get(output)! / (bytes.has(output) ? 4 : 1),
    }))
}

/** Weights that every run reads out of their file, and what it makes of them alone. */
function widenedIn({ nodes }: Written, constant: ReadonlySet<string>): ReadonlySet<string> {
  const widened = new Set<string>()
  const first = ['Reshape', 'Slice', 'DequantizeLinear']
  for (const { operator, inputs, output } of nodes) {
    if (constant.has(output)) continue
    const isFirst = first.includes(operator) && constant.has(inputs[0])
    if (isFirst || inputs.every((name) => constant.has(name) || widened.has(name))) widened.add(output)
  }
  return widened
}

/** Operators whose output has the type of their input. */
const moving = [
  ...['Reshape', 'Slice', 'Gather', 'Concat', 'Transpose'],
  ...['BitwiseAnd', 'BitwiseOr', 'BitwiseXor', 'BitShift'],
]

/** What stored 8-bit numbers are before they are cast to wider ones. */
function bytesOf({ nodes, initializers }: Written): ReadonlySet<string> {
  const isByte = (type: DataType): boolean => /^u?int8$|^float8/.test(type)
  const stored = [...initializers].filter(([, { dataType }]) => isByte(dataType))
  const bytes = new Set(stored.map(([name]) => name))
  for (const { operator, inputs, output, attributes } of nodes) {
    const to = attributes['to']
    const isCast = operator === 'Cast' && to && 'int' in to && byteTypes.includes(to.int)
    if (operator.endsWith('QuantizeLinear') && !operator.startsWith('De')) bytes.add(output)
    if (isCast || (moving.includes(operator) && bytes.has(inputs[0]))) bytes.add(output)
  }
  return bytes
}

const byteTypes: readonly number[] = [dataTypes.uint8, dataTypes.int8]

/** Numbers in all that is folded and that runs read, each once, of 8 bits as a quarter; what is read where it lies stays in its file. */
export function foldedNumbers(written: Written): number {
  const { nodes, elements, initializers } = written
  const constant = constantsOf(written)
  const bytes = bytesOf(written)
  const inFile = ['Gather', 'Reshape', 'Slice', 'DequantizeLinear']
  const reading = nodes.filter(({ operator, output }) => !inFile.includes(operator) && !constant.has(output))
  const read = new Set(reading.flatMap(({ inputs }) => inputs.filter((name) => constant.has(name))))
  const sizes = [...read].map(
    (name) =>
      (elements.get(name) ?? sizeOf(initializers.get(name)?.shape ?? [0])) / (bytes.has(name) ? 4 : 1),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function constantsOf({ nodes, initializers }: Written): ReadonlySet<string> {
  const constant = new Set(['', ...initializers.keys()])
  for (const { inputs, output } of nodes) if (inputs.every((name) => constant.has(name))) constant.add(output)
  return constant
}

/** Convolutions that read and write blocks are not those that reorder their pictures. */
const kindOf = (operator: string, domain: Node['domain']): string =>
  domain === 'com.microsoft.nchwc' ? `${operator} in blocks` : operator
