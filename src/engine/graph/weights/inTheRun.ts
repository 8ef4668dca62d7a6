import type { Graph } from '../writing/graph.ts'
import type { DataType } from '../writing/onnx.ts'
import type { Value } from '../writing/value.ts'

/**
 * Weights that stay in their file (`widening` in the dialect): what is read here waits for the layer before, so ONNX Runtime
 * cannot fold it while it opens the graph, and every run makes it anew.
 */

export const staysInFile = (g: Graph): boolean => g.dialect.widening === 'in the run'

/** The same numbers. */
export const copied = (g: Graph, x: Value): Value =>
  g.reshapeTo(x, g.add(g.wholeNumbers(x.shape), g.zero()), x.shape)

/** Some columns of x [rows, width]. */
export const copiedColumns = (g: Graph, x: Value, from: number, to: number): Value =>
  g.columnsFrom(x, g.add(g.wholeNumbers([from]), g.zero()), to, to - from)

/** Numbers of 8 bits as they lie, times `factors` [rows], one for all or one for each row, in single precision. */
export function timesFactors(g: Graph, stored: Value, factors: Value): Value {
  const known = g.add(factors, g.cast(g.zero(), 'int64', 'float32'))
  return g.dequantizeLinear(stored, factors.shape[0] === 1 ? g.reshape(known, []) : known, null)
}

export const isFloat8 = (type: DataType): type is 'float8e4m3' | 'float8e5m2' =>
  type === 'float8e4m3' || type === 'float8e5m2'
