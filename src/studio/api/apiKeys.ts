import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { writeFileDurably } from '../files.ts'

/**
 * What a key opens: drawing, looking at the library and the queue, changing what others asked for, and the farm (a worker's
 * key, which reads the files of models).
 */
export const scopes = ['generate', 'read', 'manage', 'work'] as const
export type Scope = (typeof scopes)[number]

/** Bytes that a call may have where its key says nothing else. */
export const usualMostBytes = 200 * 2 ** 20

/** What a key may do, and how much of it. Keys of versions without these may draw and look. */
const rightsSchema = z.object({
  scopes: z.array(z.enum(scopes)).min(1, 'must name at least one scope').default(['generate', 'read']),
  /** null: as many as come. */
  requestsPerMinute: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /** Of one call. */
  mostBytes: z
    .number()
    .int()
    .min(1024)
    .max(2 ** 30)
    .default(usualMostBytes),
})
export type Rights = z.output<typeof rightsSchema>

const keptSchema = z.array(
  rightsSchema.extend({
    id: z.string(),
    name: z.string(),
    createdAt: z.number(),
    sha256: z.string().length(64),
  }),
)
type Kept = z.output<typeof keptSchema>[number]

/** A key that lets another program in. The key itself is told once and kept nowhere, only its sha256. */
export type ApiKey = Omit<Kept, 'sha256'>

const fileOf = (dataFolder: string): string => join(dataFolder, 'api-keys.json')
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** The list as it was read last, by its file; a file that is written anew is another one. */
const lastRead = new Map<string, { stamp: string; kept: Kept[] }>()

/** Throws `bad-request` for a file that holds something else: nobody is let in by guessing. */
async function readKept(dataFolder: string): Promise<Kept[]> {
  const path = fileOf(dataFolder)
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!found) return []
  const stamp = `${found.ino} ${found.size} ${found.mtimeNs}`
  const last = lastRead.get(path)
  if (last?.stamp === stamp) return last.kept
  try {
    const kept = keptSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    lastRead.set(path, { stamp, kept })
    return kept
  } catch (error) {
    const message = `${path} is no list of keys. Move it away and make the keys anew.`
    throw new StudioError('bad-request', message, { cause: error })
  }
}

const write = (dataFolder: string, kept: Kept[]): Promise<void> =>
  writeFileDurably(fileOf(dataFolder), Buffer.from(JSON.stringify(kept, null, 2)), 'keys')

const withoutHash = ({ sha256: _, ...key }: Kept): ApiKey => key

export const apiKeys = async (dataFolder: string): Promise<ApiKey[]> =>
  (await readKept(dataFolder)).map(withoutHash)

/** Answers the new key, the only time that it can be read. */
export async function addApiKey(
  dataFolder: string,
  name: string,
  rights: z.input<typeof rightsSchema> = {},
): Promise<string> {
  const key = `ls-${randomBytes(32).toString('base64url')}`
  const id = randomBytes(4).toString('hex')
  const added = { id, name, createdAt: Date.now(), sha256: hashOf(key), ...rightsSchema.parse(rights) }
  await write(dataFolder, [...(await readKept(dataFolder)), added])
  return key
}

/** Changes what a key may do, from its next call on. Throws `not-found`. */
export async function changeApiKey(dataFolder: string, id: string, change: Partial<Rights>): Promise<ApiKey> {
  const kept = await readKept(dataFolder)
  const found = kept.find((key) => key.id === id)
  if (!found) throw noSuchKey(id)
  const changed = { ...found, ...rightsSchema.parse({ ...found, ...change }) }
  await write(
    dataFolder,
    kept.map((key) => (key === found ? changed : key)),
  )
  return withoutHash(changed)
}

/** Throws `not-found`. */
export async function revokeApiKey(dataFolder: string, id: string): Promise<void> {
  const kept = await readKept(dataFolder)
  const left = kept.filter((key) => key.id !== id)
  if (left.length === kept.length) throw noSuchKey(id)
  await write(dataFolder, left)
}

const noSuchKey = (id: string): StudioError => new StudioError('not-found', `There is no key "${id}".`)

/** Looked up at every request: a key that is revoked no longer opens. A key is 256 random bits, so its hash needs no salt. */
export async function findApiKey(dataFolder: string, key: string): Promise<ApiKey | null> {
  const found = (await readKept(dataFolder)).find(({ sha256 }) => sha256 === hashOf(key))
  return found ? withoutHash(found) : null
}
