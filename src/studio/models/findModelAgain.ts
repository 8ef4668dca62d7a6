import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { ModelRecord } from '../../shared/models/models.ts'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import { stemOf } from './files/companions.ts'
import type { FoundModel, ModelLibrary } from './modelLibrary.ts'
import { withinTime } from './folders/timeLimit.ts'
import { saying, type Saying } from '../../shared/notices.ts'

interface Parts {
  models: ModelLibrary
  modelHash: (path: string) => Promise<string>
}

/** Which model, and what the person should know of it: that it lies elsewhere, or is another one. */
interface Again {
  id: string
  said: Saying[]
}

/** How long all models are read to find one by its hash, in ms; what was read is remembered for the next time. */
const patienceMs = 30_000

/**
 * The model that an image was made with, wherever it lies now: under the id it had, else by the hash of its files,
 * else by its name. Throws `not-found` when there is none of these.
 */
export async function findModelAgain(parts: Parts, id: string, made: ImageRecord['model']): Promise<Again> {
  // It may have been moved a moment ago.
  if (!(await findPresent(parts, id))) await parts.models.rescan()
  return findAgain(parts, id, { ...made, of: 'image' })
}

/**
 * The model that a job in the queue asks for by its id; when it has moved since, it is looked for as that of an image.
 * `made` is the model as the newest image of that id has it; null: there is none, and its name is all that is known.
 */
export async function findModelOfJob(
  parts: Parts,
  id: string,
  made: () => ImageRecord['model'] | null,
): Promise<Again> {
  const own = await findPresent(parts, id)
  if (own) return { id: own.id, said: [] }
  await parts.models.rescan()
  return findAgain(parts, id, { name: nameInId(id), hash: null, ...made(), of: 'job' })
}

/** The model of an id when its file or folder is there. */
async function findPresent({ models }: Parts, id: string): Promise<ModelRecord | null> {
  const own = await models.find(id).catch((error: unknown) => {
    if (toErrorRecord(error).code === 'not-found') return null
    throw error
  })
  return own && (await stat(own.path).catch(() => null)) && own
}

/** Ids are the name of the file or folder and a digest, or its path. */
const nameInId = (id: string): string => stemOf(basename(id)).replace(/-[0-9a-f]{8}(-\d+)?$/, '')

interface Made {
  name: string
  /** null: not known. */
  hash: string | null
  of: 'image' | 'job'
}

async function findAgain({ models, modelHash }: Parts, id: string, made: Made): Promise<Again> {
  const hashOf = (path: string): Promise<string | null> => modelHash(path).catch(() => null)
  const own = await models.find(id).catch(() => null)
  if (own && (made.hash === null || (await hashOf(own.path)) === made.hash)) return { id: own.id, said: [] }
  const others = sameNameFirst(await models.found(), made.name).filter(({ path }) => path !== own?.path)
  const isSame = async ({ path }: FoundModel): Promise<boolean> => (await hashOf(path)) === made.hash
  const same = made.hash === null ? null : await withinTime(firstWhere(others, isSame), patienceMs, null)
  if (same) {
    const code = made.of === 'image' ? 'modelOfImageByHash' : 'modelOfJobByHash'
    return { id: same.id, said: [saying(code, { name: made.name, hash: made.hash!, path: same.path })] }
  }
  if (own) return { id: own.id, said: [changed(made)] }
  const named = others.filter(({ name }) => sameName(name, made.name))
  if (named.length !== 1) throw nowhere(made, named)
  const code = made.of === 'image' ? 'modelOfImageByName' : 'modelOfJobByName'
  const found = saying(code, { name: made.name, path: named[0].path })
  return { id: named[0].id, said: made.hash === null ? [found] : [changed(made), found] }
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const sameNameFirst = (models: readonly FoundModel[], name: string): FoundModel[] =>
  models
    .filter(({ isThere }) => isThere)
    .sort((one, other) => Number(sameName(other.name, name)) - Number(sameName(one.name, name)))

async function firstWhere<Item>(
  items: readonly Item[],
  isIt: (item: Item) => Promise<boolean>,
): Promise<Item | null> {
  for (const item of items) if (await isIt(item)) return item
  return null
}

const changed = ({ name, hash, of }: Made): Saying =>
  of === 'image' ? saying('modelChanged', { name, hash: hash! }) : saying('modelOther', { hash: hash! })

function nowhere({ name, hash }: Made, named: readonly FoundModel[]): StudioError {
  const model = `The model ${name}${hash === null ? '' : ` (${hash})`} is in none of the model folders`
  return new StudioError(
    'not-found',
    named.length === 0
      ? `${model}. Put it back, or add the folder it lies in.`
      : `${model}, but ${named.length} others have its name: ${named.map(({ path }) => path).join(', ')}. Make the picture anew with one of them.`,
  )
}
