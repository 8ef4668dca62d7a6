import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { ModelMatch } from '../../shared/models/models.ts'
import type { Generation } from '../../shared/library/generation.ts'
import type { FoundModel, ModelLibrary } from './modelLibrary.ts'
import { withinTime } from './folders/timeLimit.ts'

/** How long all models are read to find one by its hash, in ms; what was read is remembered for the next time. */
const patienceMs = 30_000

/**
 * The model that another program names by its name and hash: one with the same hash, whatever it is called here, else
 * the only one of that name. Hashes are the beginning of the file's sha256 (AUTOMATIC1111's AutoV2, or longer) or
 * AUTOMATIC1111's first kind of eight digits. null: it is not here.
 */
export async function findForeignModel(
  { models, modelHash }: { models: ModelLibrary; modelHash: (path: string) => Promise<string> },
  { name, hash }: NonNullable<Generation['model']>,
): Promise<ModelMatch | null> {
  const present = (await models.found()).filter(({ isThere }) => isThere)
  const wanted = hash?.toLowerCase() ?? ''
  const hashOf = wanted.length === 8 ? legacyHash : modelHash
  const digits = wanted.length === 8 ? 8 : 10
  const named = present.filter((model) => plainName(model.name) === plainName(name))
  if (/^[0-9a-f]{8,64}$/.test(wanted)) {
    const inOrder = [...named, ...present.filter((model) => !named.includes(model))]
    const same = await withinTime(firstWith(inOrder, hashOf, wanted.slice(0, digits)), patienceMs, null)
    if (same) return { id: same.id, by: 'hash' }
  }
  return named.length === 1 ? { id: named[0].id, by: 'name' } : null
}

async function firstWith(
  models: readonly FoundModel[],
  hashOf: (path: string) => Promise<string | null>,
  wanted: string,
): Promise<FoundModel | null> {
  for (const model of models)
    if ((await hashOf(model.path).catch(() => null))?.startsWith(wanted)) return model
  return null
}

/** Programs write folders before the name, and the ending behind it. */
const plainName = (name: string): string =>
  name
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.(safetensors|ckpt)$/i, '')
    .toLowerCase()

/** Eight digits of the sha256 of the 64 KiB at 1 MiB: AUTOMATIC1111, sd_models.model_hash. */
async function legacyHash(path: string): Promise<string | null> {
  const file = await open(path)
  try {
    if (!(await file.stat()).isFile()) return null
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(2 ** 16), position: 2 ** 20 })
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex').slice(0, 8)
  } finally {
    await file.close()
  }
}
