/** One step of a network as far as memory is concerned. */
export interface Operation {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
  /** Numbers in the output. */
  readonly elements: number
}

/**
 * The most numbers that are alive at once while a graph is evaluated in its order, as ONNX Runtime's CPU provider keeps
 * them: a value lives from the operation that makes it to the last one that reads it.
 */
export function peakActivations(operations: readonly Operation[]): number {
  const reads = new Map<string, number>()
  for (const { inputs } of operations) for (const name of inputs) reads.set(name, (reads.get(name) ?? 0) + 1)
  const pieces = new Map<string, Piece>()
  let alive = 0
  let peak = 0
  for (const { operator, inputs, output, elements } of operations) {
    const read = inputs.flatMap((name) => pieces.get(name) ?? [])
    const [first] = read
    const free = read.find((piece) => piece.readers === 1 && piece.elements === elements)
    const shared = views.includes(operator) ? first : inPlace.includes(operator) ? free : undefined
    const piece = shared ?? { elements, readers: 0 }
    if (!shared) {
      peak = Math.max(peak, alive + whileRunning(operator, first, elements))
      alive += elements
    }
    piece.readers += reads.get(output) ?? 0
    pieces.set(output, piece)
    for (const one of read) if (--one.readers === 0) alive -= one.elements
  }
  return peak
}

/** A piece of memory, in numbers, and how many reads of it are still to come. */
interface Piece {
  elements: number
  readers: number
}

/** Operations whose output is their input seen otherwise. SiLU is one kernel, so its sigmoid is never kept. */
const views = ['Reshape', 'Identity', 'Sigmoid']

/** Operations that write over an input that nobody reads any more. */
const inPlace = ['Add', 'Sub', 'Mul', 'Relu', 'Tanh', 'Softmax', 'Gelu']

/**
 * What an operation takes above what was alive before: its output, and copies of its own. Convolutions work in blocks
 * of channels: their input is copied into that order, and their output out of it; the input is let go in between if it
 * is read no more. Attention copies queries, keys and values so that heads lie together.
 */
function whileRunning(operator: string, input: Piece | undefined, output: number): number {
  if (operator === 'MultiHeadAttention') return output + 3 * (input?.elements ?? 0)
  if (operator !== 'Conv' || !input) return output
  const ownCopy = input.elements
  const letGo = input.readers === 1 ? input.elements : 0
  return Math.max(ownCopy, ownCopy + output - letGo, 2 * output - letGo)
}
