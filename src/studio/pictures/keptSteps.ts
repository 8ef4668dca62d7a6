import { z } from 'zod'
import type { Trace, TracedStep } from '../../shared/calls/labCalls.ts'

/**
 * The steps of a picture's run as a file beside it: safetensors (https://github.com/huggingface/safetensors, format), one
 * float16 tensor [channels, height, width] for each array of a step, as "3.denoised".
 */

/** What the file of a picture's steps is called. */
export const stepsFileOf = (pictureFile: string): string =>
  `${pictureFile.replace(/\.png$/, '')}.steps.safetensors`

const parts = ['x', 'denoised', 'conditional', 'unconditional'] as const
const formatVersion = '1'

/** A trace as the bytes of its file. */
export function writeSteps({ channels, height, width, toRgb, steps, fewer }: Trace): Buffer {
  const header: Record<string, unknown> = {
    __metadata__: {
      latent_studio_steps: formatVersion,
      run: JSON.stringify({
        toRgb,
        fewer,
        steps: steps.map(({ sigma, timestep }) => ({ sigma, timestep })),
      }),
    },
  }
  const pieces: Buffer[] = []
  let end = 0
  for (const [index, step] of steps.entries())
    for (const part of parts) {
      const packed = step[part]
      if (packed === null) continue
      const piece = Buffer.from(packed, 'base64')
      pieces.push(piece)
      const offsets = [end, (end += piece.length)]
      header[`${index}.${part}`] = {
        dtype: 'F16',
        shape: [channels, height, width],
        data_offsets: offsets,
      }
    }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...pieces])
}

const tensorSchema = z.object({
  dtype: z.literal('F16'),
  shape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
})
const runSchema = z.object({
  toRgb: z.array(z.array(z.number())).length(3),
  fewer: z.enum(['guesses', 'steps']).nullable(),
  steps: z.array(z.object({ sigma: z.number(), timestep: z.number() })).min(1),
})

/** A trace out of its file. Throws an Error for bytes that are no such file, or a part of one. */
export function readSteps(bytes: Buffer): Omit<Trace, 'keptBytes'> {
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.toString('utf8', 8, start)) as Record<
    string,
    unknown
  >
  const { run } = z.object({ latent_studio_steps: z.literal(formatVersion), run: z.string() }).parse(metadata)
  const { steps, ...told } = runSchema.parse(JSON.parse(run))
  const [channels, height, width] = tensorSchema.parse(tensors['0.x']).shape
  const read = (name: string): string => {
    const { data_offsets: offsets } = tensorSchema.parse(tensors[name])
    const [from, to] = offsets.map((offset) => start + offset)
    if (to > bytes.length || to - from !== 2 * channels * height * width)
      throw new Error(`${name} is cut off`)
    return bytes.toString('base64', from, to)
  }
  const orNull = (name: string): string | null => (name in tensors ? read(name) : null)
  return {
    ...{ channels, height, width },
    ...told,
    steps: steps.map((step, i): TracedStep => ({
      ...step,
      x: read(`${i}.x`),
      denoised: read(`${i}.denoised`),
      conditional: orNull(`${i}.conditional`),
      unconditional: orNull(`${i}.unconditional`),
    })),
  }
}
