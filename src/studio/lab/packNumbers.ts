import type { EngineLatents } from '../../shared/engine/engineContract.ts'
import type { EngineTrace } from '../../shared/engine/engineLooks.ts'
import { StudioError } from '../../shared/errors.ts'
import type { PackedLatents, PackedNumbers, Trace } from '../../shared/calls/labCalls.ts'

/** Numbers as they cross the contract. */

export const float32s = (values: Float32Array): PackedNumbers =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

export const float16s = (values: Float32Array): PackedNumbers =>
  Buffer.from(new Float16Array(values).buffer).toString('base64')

/** Throws `bad-request` for numbers that do not fill the shape. */
export function unpacked({ data, ...shape }: PackedLatents): EngineLatents {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'))
  const count = shape.channels * shape.height * shape.width
  if (bytes.length === 4 * count) return { ...shape, data: new Float32Array(bytes.buffer) }
  const message = `latents: must be ${4 * count} bytes of float32 for their shape, found ${bytes.length}.`
  throw new StudioError('bad-request', message)
}

export function packedTrace({ predictions, toRgb, ...same }: EngineTrace): Omit<Trace, 'keptBytes'> {
  const orNull = (values: Float32Array | undefined): PackedNumbers | null =>
    values ? float16s(values) : null
  return {
    ...same,
    toRgb: toRgb.map((row) => [...row]),
    steps: predictions.map(({ sigma, timestep, x, denoised, conditional, unconditional }) => ({
      sigma,
      timestep,
      x: float16s(x),
      denoised: float16s(denoised),
      conditional: orNull(conditional),
      unconditional: orNull(unconditional),
    })),
  }
}
