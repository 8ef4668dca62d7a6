import { StudioError } from '../../shared/errors.ts'
import type { OwnedFile } from '../../shared/models/ownedFile.ts'
import type { UsedFile } from '../../shared/request/adapters.ts'
import { sameFileName } from '../../shared/request/usedFiles.ts'
import type { Digests } from '../models/files/fileHashes.ts'
import type { OwnedFiles } from '../models/owned/ownedFiles.ts'
import { withinTime } from '../models/folders/timeLimit.ts'
import { saying, type Saying } from '../../shared/notices.ts'

export interface FileParts {
  owned: OwnedFiles
  digests(path: string): Promise<Digests>
}

/** A file of a request where it lies now. */
export interface LocatedFile {
  used: UsedFile
  file: OwnedFile
  /** Whether it has the hash that was known, or only the name. */
  by: 'hash' | 'name'
  /** What the person should know of it: that it has another name now, or is another one. */
  said: Saying | null
}

/** How long files are read to find one by its hash, in ms; what was read is remembered for the next time. */
const patienceMs = 30_000

/**
 * A file by the name that people or its author give it, not read. Throws `not-found`, which names the nearest three,
 * `bad-request` where several have the name, and what is wrong with one that is too broken to tell its kind.
 */
export async function findOwned(kind: UsedFile['kind'], name: string, owned: OwnedFiles): Promise<OwnedFile> {
  try {
    return await owned.findFile(kind, name)
  } catch (error) {
    const others = (await owned.files()).filter((file) => isOfKind(file, kind))
    const titled = others.filter(({ title, alias }) =>
      [title, alias].some((given) => given !== null && sameFileName(given, name)),
    )
    if (titled.length === 1) return titled[0]
    if (!isNotFound(error)) throw error
    if (kind === 'controlnet' && others.some((file) => file.kind === 't2i-adapter'))
      return owned.findFile('t2i-adapter', name)
    const { problem } =
      (await owned.files()).find((file) => isBroken(file) && sameFileName(file.name, name)) ?? {}
    throw problem ? new StudioError(problem.code, problem.message) : error
  }
}

const isBroken = ({ kind, problem }: OwnedFile): boolean => kind === 'unknown' && problem !== null

/** A control picture may be read by a ControlNet or by a T2I-Adapter. */
const isOfKind = (file: OwnedFile, kind: UsedFile['kind']): boolean =>
  file.kind === kind || (kind === 'controlnet' && file.kind === 't2i-adapter')

const isNotFound = (error: unknown): boolean => error instanceof StudioError && error.code === 'not-found'

/** The same with its hashes. */
export const findByName = async (
  kind: UsedFile['kind'],
  name: string,
  parts: FileParts,
): Promise<LocatedFile> =>
  locate({ kind, name }, await findOwned(kind, name, parts.owned), 'name', null, parts)

/**
 * A file that a request was made with, wherever it lies now: the one of its name if the hash is the same, else by its
 * hash, else by its name. Throws `not-found` when there is none of these.
 */
export async function findAgain(used: UsedFile, parts: FileParts): Promise<LocatedFile> {
  const { kind, name } = used
  const named = await findByName(kind, name, parts).catch(() => null)
  if (named && (await isSame(named.file, used, parts))) return { ...named, by: 'hash' }
  const others = (await parts.owned.files()).filter(
    (file) => isOfKind(file, kind) && file.path !== named?.file.path && file.problem === null,
  )
  const same = await withinTime(
    firstWhere(others, (file) => isSame(file, used, parts)),
    patienceMs,
    null,
  )
  if (same) return locate(used, same, 'hash', isCalledOtherwise(used, same), parts)
  if (!named) throw nowhere(used)
  return { ...named, said: isAnother(used) }
}

async function locate(
  { kind, name }: Pick<UsedFile, 'kind' | 'name'>,
  file: OwnedFile,
  by: LocatedFile['by'],
  said: Saying | null,
  { digests }: FileParts,
): Promise<LocatedFile> {
  const { sha256, headerless } = await digests(file.path)
  const autoV3 = kind === 'lora' ? headerless.slice(0, 12) : null
  return { used: { kind, name, hash: sha256, autoV3 }, file, by, said }
}

/** Whether a file has the hash that is known; one that cannot be read has none. */
async function isSame({ path }: OwnedFile, { hash }: UsedFile, { digests }: FileParts): Promise<boolean> {
  const own = await digests(path).catch(() => null)
  return own !== null && (own.sha256.startsWith(hash) || own.headerless.startsWith(hash))
}

async function firstWhere<Item>(
  items: readonly Item[],
  isIt: (item: Item) => Promise<boolean>,
): Promise<Item | null> {
  for (const item of items) if (await isIt(item)) return item
  return null
}

const kindNames: Readonly<Record<UsedFile['kind'], string>> = {
  lora: 'LoRA',
  embedding: 'embedding',
  vae: 'VAE',
  controlnet: 'ControlNet',
  upscaler: 'upscaler',
}
const called = ({ kind, name, hash }: UsedFile) => ({
  kind: kindNames[kind],
  file: name,
  hash: hash.slice(0, 12),
})

const isCalledOtherwise = (used: UsedFile, { name }: OwnedFile): Saying | null =>
  sameFileName(name, used.name) ? null : saying('fileRenamed', { ...called(used), name })

const isAnother = (used: UsedFile): Saying => saying('fileOther', called(used))

function nowhere(used: UsedFile): StudioError {
  const { kind, file, hash } = called(used)
  return new StudioError(
    'not-found',
    `The ${kind} ${file} (${hash}) is in none of the model folders. Put it back, or add the folder it lies in.`,
  )
}
