import { setImmediate, setTimeout } from 'node:timers/promises'
import { toErrorRecord } from '../../../shared/errors.ts'
import { readQuery } from '../../../shared/pictureQuery/readQuery.ts'
import type { ImageFiles } from '../../pictures/imageFiles.ts'
import { perceptualHash, type PerceptualHash } from '../../pictures/perceptualHash.ts'
import type { Database } from '../database/database.ts'
import type { History } from '../history.ts'
import { whenUnlocked } from '../database/whenUnlocked.ts'
import { openHashTable, type RowWithoutHash } from './hashTable.ts'

/** Learns what pictures look like. */
export interface PictureLooks {
  /** Looks at the pictures that a search compares others with. Throws `not-found` for one that is not there. */
  ready(search: string): Promise<void>
  /** Looks at the pictures that were not looked at, beside everything else, the newest first. */
  begin(): void
  /** Waits for the picture that is being looked at. */
  close(): Promise<void>
}

export interface PictureLooksParts {
  database: Database
  history: History
  imageFiles: Pick<ImageFiles, 'thumbnail'>
  /** Whether the processor is wanted for a picture. */
  isBusy: () => boolean
}

const newest = Number.MAX_SAFE_INTEGER
/** Pictures in one commit. */
const atOnce = 20
/** How long is rested after a picture, by how long it took. */
const rest = { idle: 1, busy: 9 }

type Looked = RowWithoutHash & { hash: PerceptualHash }

export function openPictureLooks(parts: PictureLooksParts): PictureLooks {
  const { database, history, imageFiles, isBusy } = parts
  const table = openHashTable(database)
  /** Those that cannot be read are tried again at the next start: their disk may be there then. */
  const failed = new Set<string>()
  let running: Promise<void> | null = null
  let isAskedAgain = false
  const closing = new AbortController()

  /** By its thumbnail, which the library wants anyway. */
  const look = async (id: string): Promise<PerceptualHash> =>
    perceptualHash(await imageFiles.thumbnail(id, history.pathOf(id)))

  async function lookNow(id: string): Promise<void> {
    const hash = await look(id)
    const row = table.rowOf(id)
    if (row !== null) await whenUnlocked(() => table.put(row, hash))
  }

  const write = database.transaction((looked: readonly Looked[]) =>
    looked.forEach(({ row, hash }) => table.put(row, hash)),
  ).immediate

  async function lookAt(rows: readonly RowWithoutHash[]): Promise<void> {
    const looked: Looked[] = []
    for (const { row, id } of rows) {
      if (closing.signal.aborted || failed.has(id)) continue
      const began = performance.now()
      try {
        looked.push({ row, id, hash: await look(id) })
      } catch (error) {
        if (noRoom.includes(toErrorRecord(error).code)) throw error
        failed.add(id)
      }
      const ms = (performance.now() - began) * (isBusy() ? rest.busy : rest.idle)
      await setTimeout(ms, null, closing).catch(() => {})
    }
    if (looked.length > 0) await whenUnlocked(() => write(looked))
  }

  async function lookAtAll(): Promise<void> {
    for (let from: number | null = newest; from !== null && !closing.signal.aborted;) {
      const { rows, next } = await whenUnlocked(() => table.without(from!, atOnce))
      await lookAt(rows)
      from = isAskedAgain ? newest : next
      isAskedAgain = false
      await setImmediate()
    }
  }

  return {
    async ready(search) {
      const asked = readQuery(search).flatMap((each) => (each.kind === 'similar' ? each.ids : []))
      for (const id of new Set(asked)) if (!table.has(id)) await lookNow(id)
    },
    begin() {
      if (closing.signal.aborted || (!running && table.countWithout() === 0)) return
      isAskedAgain = running !== null
      running ??= lookAtAll()
        .catch(() => {}) // It is tried again with the next picture.
        .finally(() => (running = null))
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

/** Nothing else can be written then either. */
const noRoom = ['disk-full', 'read-only', 'database-locked']
