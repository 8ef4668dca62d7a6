import { z } from 'zod'
import { fileNameSchema } from './fields.ts'
import { limits } from './limits.ts'

const strengthSchema = z.number().min(limits.adapterStrength.min).max(limits.adapterStrength.max)

/** A LoRA or another adapter beside those that tags in the prompt name. */
export const adapterSchema = z.object({
  name: fileNameSchema,
  /** Strengths in the U-Net and in the text encoders: 1 as trained, 0 off, below 0 the opposite. */
  unet: strengthSchema.default(1),
  text: strengthSchema.default(1),
  /** What the strengths are multiplied by in each block: BASE (the text encoders), IN00 to IN11, M00, OUT00 to OUT11. */
  blocks: z.array(strengthSchema).length(26).nullable().default(null),
})
export type Adapter = z.output<typeof adapterSchema>

/** Kinds of files that a request names beside its model. */
export const usedFileKinds = ['lora', 'embedding', 'vae', 'controlnet', 'upscaler'] as const

/** Which file a name stands for: what it is found by on another machine, or after it was renamed. */
export const usedFileSchema = z.object({
  kind: z.enum(usedFileKinds),
  name: fileNameSchema,
  /** The sha256 of the file, of which other programs may give the first digits alone, or of what follows its header. */
  hash: z.string().regex(/^[0-9a-f]{8,64}$/, 'must be 8 to 64 hexadecimal digits'),
  /** Of a LoRA: the first twelve digits of the hash that AUTOMATIC1111 writes (AutoV3). */
  autoV3: z
    .string()
    .regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits')
    .nullable()
    .default(null),
})
export type UsedFile = z.output<typeof usedFileSchema>
