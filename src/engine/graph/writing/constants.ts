import type { DataType, Initializer } from './onnx.ts'
import { RuntimeOperators } from './runtimeOperators.ts'
import type { Dialect, Value } from './value.ts'

/** Numbers that a graph brings along; those of the same name are the same. */
export abstract class Constants extends RuntimeOperators {
  abstract readonly dialect: Dialect
  protected abstract get initializers(): Map<string, Initializer>

  #set(name: string, dataType: DataType, data: Uint8Array, shape: readonly number[]): Value {
    this.initializers.set(name, { name, dataType, shape, data })
    return { name, shape }
  }

  /** Numbers that are part of the network's form, not of its training. */
  constant(values: readonly number[], shape: readonly number[]): Value {
    const name = `constant:${values.length > 8 ? this.initializers.size : values.join(',')}:${shape.join('x')}`
    const data = new Uint8Array(Float32Array.from(values).buffer)
    return this.cast(this.#set(name, 'float32', data, shape), 'float32', this.dialect.precision)
  }

  /** A number in single precision, whatever the graph computes in. */
  wideNumber(value: number): Value {
    return this.wideTable(`number:${value}`, [value], [1])
  }

  /** A table in single precision, whatever the graph computes in; the same name, the same numbers. */
  wideTable(name: string, values: readonly number[], shape: readonly number[]): Value {
    const data = new Uint8Array(Float32Array.from(values).buffer)
    return this.#set(name, 'float32', data, shape)
  }

  /** A list of whole numbers; the same name, the same numbers. */
  wholeTable(name: string, values: Int32Array<ArrayBuffer>): Value {
    const data = new Uint8Array(values.buffer)
    return this.#set(name, 'int32', data, [values.length])
  }

  /** `count` times the same byte. */
  bytes(value: number, count = 1): Value {
    const name = `bytes:${value}:${count}`
    const data = new Uint8Array(count).fill(value)
    return this.#set(name, 'uint8', data, [count])
  }

  /** `count` times 0 in signed 8 bits. */
  protected override signedZeros(count: number): Value {
    return this.#set(`zeros:${count}`, 'int8', new Uint8Array(count), [count])
  }

  protected override integers(values: readonly number[]): string {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    return this.#set(`integers:${values.join(',')}`, 'int64', data, [values.length]).name
  }
}
