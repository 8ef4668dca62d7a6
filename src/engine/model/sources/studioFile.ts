import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import { withoutLastCommas } from '../../../shared/handwrittenJson.ts'
import { nearestNames } from '../../../shared/nearestNames.ts'
import { modelDefaultsSchema } from '../../../shared/request/modelDefaults.ts'
import { readText } from './component.ts'

const isBelow = (path: string): boolean =>
  !isAbsolute(path) && !/^[a-z]:/i.test(path) && !path.split(/[\\/]/).includes('..')

const configSchema = z.record(z.string(), z.unknown())

/** config.json of a network each. */
const networkConfigs = z
  .strictObject({
    unet: configSchema,
    vae: configSchema,
    text_encoder: configSchema,
    text_encoder_2: configSchema,
    transformer: configSchema,
  })
  .partial()

const pathBelow = z.string().refine(isBelow, 'must be a relative path that stays below the folder')

/**
 * What a person may say of a model, where its own files are silent or wrong: studio.json in a model folder,
 * NAME.studio.json beside NAME.safetensors.
 */
const studioFileSchema = z.strictObject({
  /** A model folder beside this one, whose parts it takes: its own U-Net has only the tensors that differ. */
  base: z
    .string()
    .regex(/^(?!\.{1,2}$)[^\\/]+$/, 'must be the name of a folder beside this one')
    .optional(),
  /** What it is called on the screen. */
  title: z.string().trim().min(1).max(100).optional(),
  /** What a request takes where nothing is asked for. */
  defaults: modelDefaultsSchema.optional(),
  examplePrompts: z.array(z.string().max(1000)).max(50).optional(),
  predictionType: z.enum(['epsilon', 'v_prediction', 'sample']).optional(),
  zeroTerminalSnr: z.boolean().optional(),
  clipSkip: z.number().int().min(1).max(12).optional(),
  scalingFactor: z.number().positive().optional(),
  /** Another autoencoder, as a file below the model's folder. */
  vae: pathBelow.optional(),
  /** The text encoder of a transformer in a file of its own, and the folder of its tokenizer.json. */
  textEncoder: pathBelow.optional(),
  tokenizer: pathBelow.optional(),
  /** A tiny VAE that draws the previews: a file below that folder, or a folder as diffusers writes AutoencoderTiny. */
  previewVae: pathBelow.optional(),
  /** config.json of networks, for single files of unpublished shapes. */
  configs: networkConfigs.optional(),
})

export type StudioFile = z.output<typeof studioFileSchema>

/** Reads it; empty where there is none. Throws `bad-checkpoint` naming what is wrong in it, and how to mend it. */
export async function readStudioFile(path: string): Promise<StudioFile> {
  const text = await readText(path)
  if (text === null) return {}
  const parsed = studioFileSchema.safeParse(handwrittenJson(path, text))
  if (parsed.success) return parsed.data
  throw new StudioError('bad-checkpoint', `${path}: ${parsed.error.issues.map(whatIsWrong).join(' ')}`)
}

function handwrittenJson(path: string, text: string): unknown {
  try {
    return JSON.parse(withoutLastCommas(text))
  } catch (cause) {
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec((cause as Error).message) ?? []
    const where = line ? `around line ${line}, column ${column}` : 'at its end'
    throw new StudioError(
      'bad-checkpoint',
      `${path} is not valid JSON ${where}. Look there for a missing comma, colon, bracket or straight quotation mark ("); comments are not allowed.`,
      { cause },
    )
  }
}

function whatIsWrong(issue: z.core.$ZodIssue): string {
  const table = ['configs', 'defaults'].find((name) => name === issue.path[0])
  const shapes: Record<string, object> = {
    configs: networkConfigs.shape,
    defaults: modelDefaultsSchema.shape,
  }
  const known = Object.keys(table ? shapes[table] : studioFileSchema.shape)
  const place = issue.path.join('.')
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : []
  if (unknown.length === 0) return `${place || 'It'}: ${issue.message}.`
  return unknown
    .map((key) => `There is no setting "${key}"; did you mean "${nearestNames(key, known, 1)[0]}"?`)
    .concat(`The settings${table ? ` below ${table}` : ''} are ${known.join(', ')}.`)
    .join(' ')
}

/** Where a model's folder has the tiny VAE for previews: as its studio file says, else in a part of its own. */
export function previewVaeIn(folder: string, { previewVae }: StudioFile): string | null {
  if (previewVae !== undefined) return join(folder, previewVae)
  const part = join(folder, 'preview_vae')
  return existsSync(part) ? part : null
}
