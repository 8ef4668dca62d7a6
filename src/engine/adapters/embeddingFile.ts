import type { EngineEmbedding } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import { familyName } from '../../shared/models/families.ts'
import { kindNames } from '../../shared/models/ownedFile.ts'
import { familyOfWidth, identify } from '../model/sources/identify.ts'
import { readSafetensors, type Safetensors, type TensorEntry } from '../model/files/safetensors.ts'
import { readNumbers } from '../model/files/tensorNumbers.ts'

/** A textual inversion (Gal et al. 2022): vectors that stand where its name stands in a prompt. */
export interface Embedding {
  /** What calls it in a prompt: its file's name, and the token that the file itself names. */
  names: readonly string[]
  vectors: number
  /** For each text encoder of the model, [vectors, width]. */
  byEncoder: readonly Float32Array[]
}

/** As many tokens as a text encoder reads of a prompt at once. */
const mostVectors = 75

/**
 * Reads an embedding for a model whose text encoders have these widths: one tensor (AUTOMATIC1111's `emb_params` and
 * `string_to_param`, diffusers' one named by its token), or `clip_l` and `clip_g` for SDXL. Throws `not-found`,
 * `pickle-refused`, `bad-checkpoint`, and `does-not-fit` naming the family it is for.
 */
export async function readEmbedding(
  { name, path }: EngineEmbedding,
  widths: readonly number[],
  family: string,
): Promise<Embedding> {
  const file = await readSafetensors(path)
  const { kind } = identify(file)
  const tables = [...file.tensors].filter(([, { shape }]) => shape.length === 1 || shape.length === 2)
  if (tables.length === 0 || tables.length > 2 || tables.length < file.tensors.size)
    throw new StudioError(
      'does-not-fit',
      `${path} is ${kindNames[kind]}, not an embedding: it should hold one table of vectors, or two for SDXL.`,
    )
  const chosen = widths.map((width, encoder) => tableFor(tables, width, encoder, widths.length))
  const missing = chosen.indexOf(undefined)
  if (missing !== -1 || widths.length === 0) throw otherFamily(path, tables, widths, family)
  const vectors = Math.min(...chosen.map((entry) => countOf(entry!)))
  if (vectors > mostVectors)
    throw new StudioError(
      'does-not-fit',
      `${path} has ${vectors} vectors, more than the ${mostVectors} tokens that are read at once.`,
    )
  const byEncoder = await readTables(file, chosen as TensorEntry[], vectors)
  const token = tables.length === 1 && !isFormName(tables[0][0]) ? [tables[0][0]] : []
  return { names: [name, ...token], vectors, byEncoder }
}

type Named = readonly [key: string, entry: TensorEntry]

/** By its name where the name tells an encoder, else by its width. */
function tableFor(
  tables: readonly Named[],
  width: number,
  encoder: number,
  encoders: number,
): TensorEntry | undefined {
  const fits = ([, { shape }]: Named): boolean => shape.at(-1) === width
  const own = encoders === 2 ? ['clip_l', 'clip_g'][encoder] : undefined
  const named = tables.find((table) => table[0] === own && fits(table))
  // Encoders of the same width would both take the same table: then only names tell.
  const told = tables.some(([key]) => /^clip_[lg]$/.test(key)) && own !== undefined
  return (named ?? (told ? undefined : tables.find(fits)))?.[1]
}

/** Names of the format, not of the token. */
const isFormName = (key: string): boolean => /^(emb_params|clip_[lgh]|string_to_param.*)$/.test(key)

const countOf = ({ shape }: TensorEntry): number => (shape.length === 1 ? 1 : shape[0])

async function readTables(
  { path }: Safetensors,
  entries: readonly TensorEntry[],
  vectors: number,
): Promise<Float32Array[]> {
  const read = await readNumbers(path, entries)
  return read.map((numbers, index) => {
    const { key, dtype, shape } = entries[index]
    if (!numbers)
      throw new StudioError('unsupported-model', `${path}: its tensor "${key}" is stored as ${dtype}.`)
    const strange = numbers.find((value) => !Number.isFinite(value))
    if (strange !== undefined)
      throw new StudioError(
        'bad-checkpoint',
        `${path} cannot be used: its tensor "${key}" holds values that are no numbers (NaN or infinite). Download it again.`,
      )
    return Float32Array.from(numbers.subarray(0, vectors * shape.at(-1)!))
  })
}

function otherFamily(
  path: string,
  tables: readonly Named[],
  widths: readonly number[],
  family: string,
): StudioError {
  const found = tables.map(([, { shape }]) => shape.at(-1) ?? 0)
  const own = found.length === 2 ? 'sdxl' : familyOfWidth[found[0]]
  const made = own === undefined || own === family ? 'another model' : familyName(own)
  return new StudioError(
    'does-not-fit',
    `${path} is an embedding for ${made}: its vectors have the width ${found.join(' and ')}, and ${familyName(family)} reads text of the width ${widths.join(' and ')}. Choose an embedding for ${familyName(family)}.`,
  )
}
