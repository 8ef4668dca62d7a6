import { randomUUID } from 'node:crypto'
import type { Download } from '../../shared/models/downloads.ts'
import { StudioError } from '../../shared/errors.ts'
import type { DownloadRecord, DownloadStore } from './downloadStore.ts'
import type { Offer } from './sites/offer.ts'
import { openRate, type Rate } from './fetch/rate.ts'

/** A download of this studio, and how fast it is. */
export interface Entry {
  record: DownloadRecord
  rate: Rate
  /** While it runs: what stops it, and its end. */
  run: { stop: AbortController; ended: Promise<void> } | null
}

export interface ListParts {
  store: DownloadStore
  /** Id of this studio. */
  owner: string
  changed: (download: Download) => void
  removed: (id: string) => void
}

export type DownloadList = ReturnType<typeof createDownloadList>

/** The downloads in the order in which they were asked for; each change is told, and noted on the disk. */
export function createDownloadList({ store, owner, changed, removed }: ListParts) {
  const entries = new Map<string, Entry>()

  async function add(record: DownloadRecord): Promise<Entry> {
    const entry: Entry = { record, rate: openRate(), run: null }
    await store.keep(record)
    entries.set(record.id, entry)
    changed(describe(entry))
    return entry
  }

  return {
    all: (): Entry[] => [...entries.values()],
    find(id: string): Entry {
      const entry = entries.get(id)
      if (entry) return entry
      throw new StudioError('not-found', 'There is no such download. It may have been removed.')
    },
    create: (offer: Offer, folder: string, target: string): Promise<Entry> =>
      add({
        id: randomUUID(),
        owner,
        createdAt: Date.now(),
        state: 'waiting',
        folder,
        target,
        doneBytes: 0,
        startedOver: false,
        error: null,
        offer,
      }),
    /** Takes over what a studio that ended left: paused, or forgotten where nothing is left to do. */
    async adopt(record: DownloadRecord): Promise<Entry | null> {
      if (record.state !== 'done')
        return add({ ...record, owner, state: record.state === 'failed' ? 'failed' : 'paused' })
      await store.forget(record.id)
      return null
    },
    tell(entry: Entry): void {
      if (entries.has(entry.record.id)) changed(describe(entry))
    },
    /** Does nothing to one that was taken out. */
    async set(entry: Entry, change: Partial<DownloadRecord>): Promise<void> {
      if (!entries.has(entry.record.id)) return
      Object.assign(entry.record, change)
      changed(describe(entry))
      await store.keep(entry.record)
    },
    /** Takes one out; the work on it ends by itself, and finds it gone. */
    async drop({ record }: Entry): Promise<void> {
      entries.delete(record.id)
      await store.forget(record.id)
      removed(record.id)
    },
  }
}

export const totalBytesOf = ({ offer }: DownloadRecord): number =>
  offer.files.reduce((sum, { size }) => sum + size, 0)

export function describe({ record, rate }: Entry): Download {
  const { id, createdAt, state, target, doneBytes, startedOver, error, offer } = record
  const { link, site, title, page, revision } = offer
  const totalBytes = totalBytesOf(record)
  const bytesPerSecond = state === 'running' ? rate.perSecond() : null
  const etaMs = bytesPerSecond ? ((totalBytes - doneBytes) / bytesPerSecond) * 1000 : null
  return {
    ...{ id, createdAt, state, link, site, title, page, revision, target, totalBytes, doneBytes },
    ...{ bytesPerSecond, etaMs, startedOver, error },
  }
}
