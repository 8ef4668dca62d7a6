import type { PackedNumbers } from '../../shared/labCalls.ts'

/** Numbers as they cross the contract. */

export const float32s = (values: Float32Array): PackedNumbers =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

export const float16s = (values: Float32Array): PackedNumbers =>
  Buffer.from(new Float16Array(values).buffer).toString('base64')
