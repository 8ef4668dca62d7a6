import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StudioError } from '../../shared/errors.ts'
import { writeFileDurably } from '../files.ts'

/** A key that lets another program in. The key itself is told once and kept nowhere, only its sha256. */
export interface ApiKey {
  id: string
  name: string
  createdAt: number
}

const keptSchema = z.array(
  z.object({ id: z.string(), name: z.string(), createdAt: z.number(), sha256: z.string().length(64) }),
)
type Kept = z.output<typeof keptSchema>

const fileOf = (dataFolder: string): string => join(dataFolder, 'api-keys.json')
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** Throws `bad-request` for a file that holds something else: nobody is let in by guessing. */
async function readKept(dataFolder: string): Promise<Kept> {
  let text: string
  try {
    text = await readFile(fileOf(dataFolder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  try {
    return keptSchema.parse(JSON.parse(text))
  } catch (error) {
    const message = `${fileOf(dataFolder)} is no list of keys. Move it away and make the keys anew.`
    throw new StudioError('bad-request', message, { cause: error })
  }
}

const write = (dataFolder: string, kept: Kept): Promise<void> =>
  writeFileDurably(fileOf(dataFolder), Buffer.from(JSON.stringify(kept, null, 2)), 'keys')

export const apiKeys = async (dataFolder: string): Promise<ApiKey[]> =>
  (await readKept(dataFolder)).map(({ id, name, createdAt }) => ({ id, name, createdAt }))

/** Answers the new key, the only time that it can be read. */
export async function addApiKey(dataFolder: string, name: string): Promise<string> {
  const key = `ls-${randomBytes(32).toString('base64url')}`
  const id = randomBytes(4).toString('hex')
  const kept = await readKept(dataFolder)
  await write(dataFolder, [...kept, { id, name, createdAt: Date.now(), sha256: hashOf(key) }])
  return key
}

/** Throws `not-found`. */
export async function revokeApiKey(dataFolder: string, id: string): Promise<void> {
  const kept = await readKept(dataFolder)
  const left = kept.filter((key) => key.id !== id)
  if (left.length === kept.length) throw new StudioError('not-found', `There is no key "${id}".`)
  await write(dataFolder, left)
}

/** Looked up at every request: a key that is revoked no longer opens. A key is 256 random bits, so its hash needs no salt. */
export const isApiKey = async (dataFolder: string, key: string): Promise<boolean> =>
  (await readKept(dataFolder)).some(({ sha256 }) => sha256 === hashOf(key))
