import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../../shared/errors.ts'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import { modernKey } from '../keys/checkpointKeys.ts'
import { readSafetensors, type Safetensors } from '../files/safetensors.ts'
import { joinTensors, renameTensors, requireReadable, type Tensors } from '../files/weights.ts'

/** One network of a diffusers folder: a sub-folder with config.json and weights, whole or in shards. */

const tableSchema = z.record(z.string(), z.unknown())
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** A JSON object on disk; null where there is no such file. Throws `bad-checkpoint` for anything else. */
export async function readJsonTable(path: string): Promise<ConfigFile | null> {
  const parsed = await readJson(path)
  if (parsed === null) return null
  const table = tableSchema.safeParse(parsed)
  if (table.success) return table.data
  throw new StudioError('bad-checkpoint', `${path} should hold a table of settings.`)
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StudioError('bad-checkpoint', `${path} is not valid JSON: download the model again.`, { cause })
  }
}

/**
 * A text on disk, as editors write it: in UTF-8 with or without a byte order mark, or in UTF-16 with one. null where
 * there is no such file.
 */
export async function readText(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) return null
  const [first, second] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  // The decoder takes the mark away.
  return new TextDecoder(isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(bytes)
}

/** config.json of a network; throws `missing-part` where there is none. */
export async function readConfig(folder: string): Promise<ConfigFile> {
  const config = await readJsonTable(join(folder, 'config.json'))
  if (config) return config
  throw new StudioError(
    'missing-part',
    `The model has no ${join(basename(folder), 'config.json')} in ${folder}.`,
  )
}

/**
 * The weights of a network: full precision where both lie there, else the half-precision variant, unless `variant`
 * asks for one. Throws `missing-part`, or `pickle-refused` where there are only pickles.
 */
export async function readWeights(folder: string, variant?: string): Promise<Safetensors[]> {
  const names = await readdir(folder).catch(() => [])
  const chosen = chooseWeights(names, variant)
  if (!chosen) throw missingWeights(folder, names)
  if (chosen.endsWith('.safetensors')) return [await readSafetensors(join(folder, chosen))]
  const index = indexSchema.safeParse(await readJson(join(folder, chosen)))
  const shards = index.success ? [...new Set(Object.values(index.data.weight_map))] : []
  if (shards.length === 0 || shards.some((name) => basename(name) !== name || name.includes('\\')))
    throw new StudioError(
      'bad-checkpoint',
      `${join(folder, chosen)} should list the files the weights lie in.`,
    )
  return Promise.all(shards.map((name) => readSafetensors(join(folder, name))))
}

/** The same as one set, under today's names. Throws `unsupported-model` for numbers that are not computed with. */
export async function readTensors(folder: string): Promise<Tensors> {
  const tensors = renameTensors(joinTensors(await readWeights(folder)), modernKey)
  requireReadable(tensors)
  return tensors
}

/** The tensors of a network in `folder`, with those of the same names in `over` in place of them. */
export async function readTensorsOver(folder: string, over: string): Promise<Tensors> {
  const [under, upper] = await Promise.all([readWeights(folder), readWeights(over)])
  const known = joinTensors(under)
  const stray = joinTensors(upper).keys.find((key) => !known.keys.includes(key))
  if (stray !== undefined)
    throw new StudioError(
      'bad-checkpoint',
      `${over} has a tensor "${stray}" that ${folder}, which it is laid over, does not have: they do not belong together.`,
    )
  const tensors = renameTensors(joinTensors([...under, ...upper]), modernKey)
  requireReadable(tensors)
  return tensors
}

function chooseWeights(names: readonly string[], variant?: string): string | undefined {
  const usable = names.filter(
    (name) => name.endsWith('.safetensors') || /\.safetensors\.index(\.\w+)?\.json$/.test(name),
  )
  const whole = usable.filter((name) => !/-\d{5}-of-\d{5}/.test(name))
  const half = (name: string): boolean => /\.(fp16|bf16)\./.test(name)
  if (variant !== undefined) return whole.find((name) => name.includes(`.${variant}.`))
  const rank = (name: string): number =>
    (/non_ema/.test(name) ? 4 : 0) + (half(name) ? 2 : 0) + (name.endsWith('.json') ? 1 : 0)
  return whole.sort((a, b) => rank(a) - rank(b))[0]
}

function missingWeights(folder: string, names: readonly string[]): StudioError {
  const pickle = names.find((name) => /\.(bin|ckpt|pt|pth)$/.test(name))
  if (pickle)
    return new StudioError(
      'pickle-refused',
      `${join(folder, pickle)} is a Python pickle, which can run code when it is opened. Download the .safetensors version of the model.`,
    )
  return new StudioError(
    'missing-part',
    `The model has no weights for its ${basename(folder)}: expected a .safetensors file in ${folder}.`,
  )
}
