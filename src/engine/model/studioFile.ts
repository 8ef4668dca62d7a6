import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { readJsonTable } from './component.ts'

const isBelow = (path: string): boolean =>
  !isAbsolute(path) && !/^[a-z]:/i.test(path) && !path.split(/[\\/]/).includes('..')

const pathBelow = z.string().refine(isBelow, 'must be a relative path that stays below the folder')

/**
 * What a person may say of a model, where its own files are silent or wrong: studio.json in a model folder,
 * NAME.studio.json beside NAME.safetensors.
 */
const studioFileSchema = z.object({
  examplePrompts: z.array(z.string().max(1000)).max(50).optional(),
  predictionType: z.enum(['epsilon', 'v_prediction', 'sample']).optional(),
  zeroTerminalSnr: z.boolean().optional(),
  clipSkip: z.number().int().min(1).max(12).optional(),
  scalingFactor: z.number().positive().optional(),
  /** Another autoencoder, as a file below the model's folder. */
  vae: pathBelow.optional(),
  /** A tiny VAE that draws the previews: a file below that folder, or a folder as diffusers writes AutoencoderTiny. */
  previewVae: pathBelow.optional(),
  /** config.json of networks, for single files of unpublished shapes. */
  configs: z
    .partialRecord(
      z.enum(['unet', 'vae', 'text_encoder', 'text_encoder_2']),
      z.record(z.string(), z.unknown()),
    )
    .optional(),
})

export type StudioFile = z.output<typeof studioFileSchema>

/** Reads it; empty where there is none. Throws `bad-checkpoint` naming what is wrong in it. */
export async function readStudioFile(path: string): Promise<StudioFile> {
  const parsed = studioFileSchema.safeParse((await readJsonTable(path)) ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new StudioError('bad-checkpoint', `${path}: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** Where a model's folder has the tiny VAE for previews: as its studio file says, else in a part of its own. */
export function previewVaeIn(folder: string, { previewVae }: StudioFile): string | null {
  if (previewVae !== undefined) return join(folder, previewVae)
  const part = join(folder, 'preview_vae')
  return existsSync(part) ? part : null
}
