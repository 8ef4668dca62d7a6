import { Operators } from './operators.ts'
import type { Value } from './value.ts'

const domain = 'com.microsoft'

/** Operators that ONNX Runtime has beside ONNX's own, in its domain "com.microsoft" (ContribOperators.md). */
export abstract class RuntimeOperators extends Operators {
  /**
   * Turns x [1, n, heads · width] by angles whose cosines and sines are [n, width / 2] (Su et al. 2021): neighbours
   * together, or the first half of a head with the second.
   */
  rotaryEmbedding(x: Value, angles: { cos: Value; sin: Value }, pairs: 'neighbours' | 'halves'): Value {
    const inputs = [x, this.integers([0]), angles.cos, angles.sin]
    const attributes = { interleaved: { int: pairs === 'neighbours' ? 1 : 0 } }
    return this.node('RotaryEmbedding', inputs, x.shape, attributes, domain)
  }

  /** x [rows, in], quantised in every run, times 8-bit weights [in, out] and a factor for each output. */
  dynamicQuantizeMatMul(x: Value, weight: Value, factors: Value, bias: Value | null): Value {
    const inputs = [x, weight, factors, '', ...(bias ? [bias] : [])]
    return this.node('DynamicQuantizeMatMul', inputs, [x.shape[0], weight.shape[1]], {}, domain)
  }

  /** Quantised patches [rows, in] times 8-bit weights [in, out], as numbers again. */
  matMulIntegerToFloat(
    x: Value,
    weight: Value,
    { scale, factors, zero, bias }: { scale: Value; factors: Value; zero: Value; bias: Value | null },
  ): Value {
    const inputs = [x, weight, scale, factors, zero, '', ...(bias ? [bias] : [])]
    return this.node('MatMulIntegerToFloat', inputs, [x.shape[0], weight.shape[1]], {}, domain)
  }

  /** x [rows, in] times numbers in blocks of 32, [outputs, in / 32, bytes], each with a factor; half of their range stands for 0. */
  matMulNBits(x: Value, blocks: Value, factors: Value, bits: 4 | 8): Value {
    const [rows, inputs] = x.shape as [number, number]
    const [outputs] = blocks.shape
    const numbers = { K: inputs, N: outputs, bits, block_size: 32 }
    const attributes = Object.fromEntries(Object.entries(numbers).map(([name, int]) => [name, { int }]))
    return this.node('MatMulNBits', [x, blocks, factors], [rows, outputs], attributes, domain)
  }

  /** ONNX Runtime's fused attention: query [1, n, width], key and value [1, m, width], widths cut into heads. */
  multiHeadAttention(query: Value, key: Value, value: Value, heads: number, bias: Value | null): Value {
    const inputs = bias ? [query, key, value, '', '', bias] : [query, key, value]
    const attributes = { num_heads: { int: heads } }
    return this.node('MultiHeadAttention', inputs, query.shape, attributes, domain)
  }
}
