import type { ImageRecord } from '../../shared/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { FoundModel, ModelLibrary } from './modelLibrary.ts'
import { withinTime } from './timeLimit.ts'

interface Parts {
  models: ModelLibrary
  modelHash: (path: string) => Promise<string>
}

/** Which model, and what the person should know of it: that it lies elsewhere, or is another one. */
interface Again {
  id: string
  said: string | null
}

/** How long all models are read to find one by its hash, in ms; what was read is remembered for the next time. */
const patienceMs = 30_000

/**
 * The model that an image was made with, wherever it lies now: under the id it had, else by the hash of its files,
 * else by its name. Throws `not-found` when there is none of these.
 */
export async function findModelAgain(
  { models, modelHash }: Parts,
  id: string,
  made: ImageRecord['model'],
): Promise<Again> {
  const hashOf = (path: string): Promise<string | null> => modelHash(path).catch(() => null)
  const own = await models.find(id).catch(() => null)
  if (own && (await hashOf(own.path)) === made.hash) return { id: own.id, said: null }
  const others = sameNameFirst(await models.found(), made.name).filter(({ path }) => path !== own?.path)
  const same = await withinTime(
    firstWhere(others, async ({ path }) => (await hashOf(path)) === made.hash),
    patienceMs,
    null,
  )
  if (same) {
    const said = `${made.name}, the model of this image, was found again by its hash (${made.hash}): ${same.path}.`
    return { id: same.id, said }
  }
  if (own) return { id: own.id, said: changed(made) }
  const named = others.filter(({ name }) => sameName(name, made.name))
  if (named.length !== 1) throw nowhere(made, named)
  return { id: named[0].id, said: `${changed(made)} It was found by its name: ${named[0].path}.` }
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

const changed = ({ name, hash }: ImageRecord['model']): string =>
  `The files of ${name} have changed since this image was made (${hash} then), so the new one will differ.`

const nowhere = ({ name, hash }: ImageRecord['model'], named: readonly FoundModel[]): StudioError =>
  new StudioError(
    'not-found',
    named.length === 0
      ? `The model of this image, ${name} (${hash}), is in none of the model folders. Put it back, or add the folder it lies in.`
      : `The model of this image, ${name} (${hash}), is in none of the model folders, but ${named.length} others have its name: ${named.map(({ path }) => path).join(', ')}. Make the image anew with one of them.`,
  )
