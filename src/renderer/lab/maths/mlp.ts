import { normalsFrom } from './random.ts'

/** A small network of dense layers with SiLU between them, trained by Adam: plain loops over typed arrays. */
export interface Mlp {
  readonly sizes: readonly number[]
  /** Of every layer: weights [out, in] row-major, then biases [out]. */
  readonly layers: readonly Float32Array[]
}

/** Weights as He et al. 2015 start them; the last layer starts at 0. */
export function newMlp(sizes: readonly number[], uniform: () => number): Mlp {
  const normals = normalsFrom(uniform)
  const layers = sizes.slice(1).map((out, i) => {
    const into = sizes[i]
    const parameters = new Float32Array(out * into + out)
    if (i < sizes.length - 2) {
      const scale = Math.sqrt(2 / into)
      parameters.set(normals(out * into).map((value) => value * scale))
    }
    return parameters
  })
  return { sizes, layers }
}

const silu = (x: number): number => x / (1 + Math.exp(-x))
function siluSlope(x: number): number {
  const sigmoid = 1 / (1 + Math.exp(-x))
  return sigmoid * (1 + x * (1 - sigmoid))
}

/** What every layer saw: its sums before SiLU, and what it was given. */
interface Pass {
  inputs: Float32Array[]
  sums: Float32Array[]
}

/** Rows of inputs [count, in] to rows of outputs [count, out]. */
export const evaluate = (mlp: Mlp, input: Float32Array, count: number): Float32Array =>
  forward(mlp, input, count).sums.at(-1)!

function forward({ sizes, layers }: Mlp, input: Float32Array, count: number): Pass {
  const pass: Pass = { inputs: [], sums: [] }
  let given = input
  layers.forEach((parameters, layer) => {
    const [into, out] = [sizes[layer], sizes[layer + 1]]
    const sums = new Float32Array(count * out)
    for (let row = 0; row < count; row++)
      for (let o = 0; o < out; o++) {
        let sum = parameters[out * into + o]
        for (let i = 0; i < into; i++) sum += parameters[o * into + i] * given[row * into + i]
        sums[row * out + o] = sum
      }
    pass.inputs.push(given)
    pass.sums.push(sums)
    given = sums.map(silu)
  })
  return pass
}

/** The mean squared error of a batch, and its gradient by every parameter. */
export function lossAndGradient(
  mlp: Mlp,
  input: Float32Array,
  wanted: Float32Array,
  count: number,
): { loss: number; gradient: Float32Array[] } {
  const { sizes, layers } = mlp
  const { inputs, sums } = forward(mlp, input, count)
  const output = sums.at(-1)!
  let loss = 0
  let slope = output.map((value, i) => {
    loss += (value - wanted[i]) ** 2 / output.length
    return (2 * (value - wanted[i])) / output.length
  })
  const gradient: Float32Array[] = layers.map((parameters) => new Float32Array(parameters.length))
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const [into, out] = [sizes[layer], sizes[layer + 1]]
    const before = new Float32Array(count * into)
    backThrough(
      { parameters: layers[layer], gradient: gradient[layer], into, out },
      inputs[layer],
      slope,
      before,
    )
    if (layer > 0) slope = before.map((value, i) => value * siluSlope(sums[layer - 1][i]))
  }
  return { loss, gradient }
}

function backThrough(
  layer: { parameters: Float32Array; gradient: Float32Array; into: number; out: number },
  given: Float32Array,
  slope: Float32Array,
  before: Float32Array,
): void {
  const { parameters, gradient, into, out } = layer
  const count = given.length / into
  for (let row = 0; row < count; row++)
    for (let o = 0; o < out; o++) {
      const s = slope[row * out + o]
      gradient[out * into + o] += s
      for (let i = 0; i < into; i++) {
        gradient[o * into + i] += s * given[row * into + i]
        before[row * into + i] += s * parameters[o * into + i]
      }
    }
}

/** Adam: Kingma and Ba 2015, Algorithm 1, with its usual constants. */
export function adam(mlp: Mlp): (gradient: readonly Float32Array[], rate: number) => void {
  const zeros = (): Float32Array[] => mlp.layers.map((parameters) => new Float32Array(parameters.length))
  const [first, second] = [zeros(), zeros()]
  let step = 0
  return (gradient, rate) => {
    step++
    const [kept1, kept2] = [1 - 0.9 ** step, 1 - 0.999 ** step]
    mlp.layers.forEach((parameters, layer) => {
      for (let i = 0; i < parameters.length; i++) {
        const g = gradient[layer][i]
        first[layer][i] = 0.9 * first[layer][i] + 0.1 * g
        second[layer][i] = 0.999 * second[layer][i] + 0.001 * g * g
        parameters[i] -= (rate * (first[layer][i] / kept1)) / (Math.sqrt(second[layer][i] / kept2) + 1e-8)
      }
    })
  }
}
