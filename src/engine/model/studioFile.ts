import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { readJsonTable } from './component.ts'

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
})

export type StudioFile = z.output<typeof studioFileSchema>

/** Reads it; empty where there is none. Throws `bad-checkpoint` naming what is wrong in it. */
export async function readStudioFile(path: string): Promise<StudioFile> {
  const parsed = studioFileSchema.safeParse((await readJsonTable(path)) ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new StudioError('bad-checkpoint', `${path}: ${issue?.path.join('.')}: ${issue?.message}`)
}
