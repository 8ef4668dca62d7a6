import type { Operation } from './activations.ts'
import type { Initializer, Node } from './onnx.ts'
import { sizeOf } from './shapes.ts'

/** What a graph consists of, as far as it is known which of it every run computes. */
export interface Written {
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, Pick<Initializer, 'shape'>>
  /** Numbers in every value that is computed. */
  readonly elements: ReadonlyMap<string, number>
}

/** What every run computes, in order; what follows from weights alone is folded when the graph is opened. */
export function operationsOf(written: Written): Operation[] {
  const { nodes, elements } = written
  const constant = constantsOf(written)
  return nodes
    .filter(({ output }) => !constant.has(output))
    .map(({ operator, domain, inputs, output }) => ({
      // What lies in the file is copied, not seen otherwise.
      operator: operator === 'Reshape' && constant.has(inputs[0]) ? 'Copy' : kindOf(operator, domain),
      inputs: inputs.filter((name) => !constant.has(name)),
      output,
      elements: elements.get(output)!,
    }))
}

/** Numbers in all that is folded and that runs read, each once; what is read where it lies stays in its file. */
export function foldedNumbers(written: Written): number {
  const { nodes, elements, initializers } = written
  const constant = constantsOf(written)
  const inFile = ['Gather', 'Reshape', 'DequantizeLinear']
  const reading = nodes.filter(({ operator, output }) => !inFile.includes(operator) && !constant.has(output))
  const read = new Set(reading.flatMap(({ inputs }) => inputs.filter((name) => constant.has(name))))
  const sizes = [...read].map((name) => elements.get(name) ?? sizeOf(initializers.get(name)?.shape ?? [0]))
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
