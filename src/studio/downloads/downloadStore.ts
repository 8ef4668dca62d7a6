import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCodes } from '../../shared/errors.ts'
import { writeFileDurably } from '../files.ts'
import type { Ownership } from '../ownership.ts'
import { offerSchema } from './sites/offer.ts'
import { isSaying, saying, type Saying, type Warn } from '../../shared/notices.ts'

/** A download as it lies on disk, a file each: what a restart knows of it. */
const recordSchema = z.object({
  id: z.string(),
  /** The studio that works on it. */
  owner: z.string(),
  createdAt: z.number(),
  state: z.enum(['waiting', 'running', 'checking', 'paused', 'failed', 'done']),
  folder: z.string(),
  target: z.string(),
  doneBytes: z.number(),
  startedOver: z.boolean(),
  error: z
    .object({
      code: z.enum(errorCodes),
      message: z.string(),
      says: z.array(z.custom<Saying>(isSaying)).readonly().optional(),
    })
    .nullable(),
  offer: offerSchema,
})
export type DownloadRecord = z.infer<typeof recordSchema>

export interface DownloadStore {
  /** Downloads of studios that have ended, oldest first. */
  orphans(): Promise<DownloadRecord[]>
  keep(record: DownloadRecord): Promise<void>
  forget(id: string): Promise<void>
}

export function openDownloadStore(dataFolder: string, ownership: Ownership, warn: Warn): DownloadStore {
  const folder = join(dataFolder, 'downloads')
  const fileOf = (id: string): string => join(folder, `${id}.json`)

  async function read(name: string): Promise<DownloadRecord[]> {
    const text = await readFile(join(folder, name), 'utf8').catch(() => null)
    if (text === null) return []
    try {
      return [recordSchema.parse(JSON.parse(text))]
    } catch {
      warn(saying('downloadUnread', { file: join(folder, name) }))
      return []
    }
  }

  let last: Promise<unknown> = Promise.resolve()
  /** One after the other: the note of a moment ago must not come after that of now. */
  const inOrder = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  return {
    async orphans() {
      const names = (await readdir(folder).catch(() => [])).filter((name) =>
        /^[0-9a-f-]{36}\.json$/.test(name),
      )
      const records = (await Promise.all(names.map(read))).flat()
      return records
        .filter(({ owner }) => !ownership.isAlive(owner))
        .sort((one, other) => one.createdAt - other.createdAt)
    },
    keep(record) {
      const text = `${JSON.stringify(record)}\n`
      return inOrder(() => writeFileDurably(fileOf(record.id), text, ownership.id))
    },
    forget: (id) => inOrder(() => rm(fileOf(id), { force: true })),
  }
}
