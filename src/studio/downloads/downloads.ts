import { rm } from 'node:fs/promises'
import type { Download } from '../../shared/models/downloads.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import { storageError } from '../history/database/storageErrors.ts'
import {
  createDownloadList,
  describe,
  totalBytesOf,
  type DownloadList,
  type Entry,
  type ListParts,
} from './downloadList.ts'
import type { DownloadRecord } from './downloadStore.ts'
import type { Offer } from './sites/offer.ts'
import { openRate } from './fetch/rate.ts'
import type { Network } from './fetch/request.ts'
import { runDownload, stagingFolder } from './runDownload.ts'

/** The downloads of this studio: one runs, the others wait in the order in which they were asked for. */
export interface Downloads {
  list(): Download[]
  /** Begins one, or goes on with the same one that was begun before, by a studio that ended say. */
  start(offer: Offer, folder: string, target: string): Promise<Download>
  pause(id: string): Promise<void>
  resume(id: string): Promise<Download>
  /** Takes it out of the list; what an unfinished one fetched is deleted. */
  remove(id: string): Promise<void>
  /** Pauses what runs. */
  close(): Promise<void>
}

interface DownloadsParts extends ListParts {
  network: Network
  cache: string
  freeBytes: (folder: string) => Promise<number | null>
  /** One is in its place, in this folder. */
  finished: (folder: string) => Promise<void>
}

/** `orphans`: downloads of studios that ended, which are taken over. */
export async function openDownloads(
  parts: DownloadsParts,
  orphans: readonly DownloadRecord[],
): Promise<Downloads> {
  const list = createDownloadList(parts)
  const runner = createRunner(list, parts)
  for (const record of orphans) await list.adopt(record)

  async function go(entry: Entry): Promise<Download> {
    await entry.run?.ended
    if (['paused', 'failed'].includes(entry.record.state)) {
      await list.set(entry, { state: 'waiting', error: null })
      runner.runNext()
    }
    return describe(entry)
  }

  const isSame = (record: DownloadRecord, { link }: Offer, folder: string): boolean =>
    record.state !== 'done' && record.offer.link === link && record.folder === folder

  async function start(offer: Offer, folder: string, target: string): Promise<Download> {
    const known = list.all().find(({ record }) => isSame(record, offer, folder))
    if (known) return ['paused', 'failed'].includes(known.record.state) ? go(known) : describe(known)
    const left = (await parts.store.orphans()).find((record) => isSame(record, offer, folder))
    const taken = left && (await list.adopt(left))
    if (taken) return go(taken)
    const entry = await list.create(offer, folder, target)
    runner.runNext()
    return describe(entry)
  }

  let lastStart: Promise<unknown> = Promise.resolve()

  return {
    list: () => list.all().map(describe),
    // One after the other: who asks twice at once asks for one.
    start(offer, folder, target) {
      const started = lastStart.then(() => start(offer, folder, target))
      lastStart = started.catch(() => {})
      return started
    },
    async pause(id) {
      const entry = list.find(id)
      if (entry.record.state === 'waiting') await list.set(entry, { state: 'paused' })
      entry.run?.stop.abort()
      await entry.run?.ended
    },
    resume: async (id) => go(list.find(id)),
    async remove(id) {
      const entry = list.find(id)
      const isOver = entry.record.state === 'done'
      await list.drop(entry)
      entry.run?.stop.abort()
      await entry.run?.ended
      if (!isOver) await rm(stagingFolder(entry.record), { recursive: true, force: true })
    },
    close: runner.close,
  }
}

/** How often progress is told, and noted, in ms. */
const toldEveryMs = 200
const notedEveryMs = 2000

/** Works on the downloads that wait, one after the other. */
function createRunner(list: DownloadList, parts: DownloadsParts) {
  let isClosed = false

  function runNext(): void {
    if (isClosed || list.all().some(({ run }) => run)) return
    const next = list.all().find(({ record }) => record.state === 'waiting')
    if (!next) return
    const stop = new AbortController()
    const ended = run(next, stop.signal).finally(() => {
      next.run = null
      runNext()
    })
    next.run = { stop, ended }
  }

  async function run(entry: Entry, signal: AbortSignal): Promise<void> {
    const { record } = entry
    entry.rate = openRate()
    try {
      await list.set(entry, { state: 'running' })
      const work = { network: parts.network, signal, writer: parts.owner, ...listener(entry, list) }
      const target = await runDownload(record, { ...parts, work })
      await list.set(entry, { state: 'done', target, doneBytes: totalBytesOf(record) })
      await parts.finished(record.folder).catch(() => {})
    } catch (error) {
      const reason = signal.aborted ? null : toErrorRecord(storageError(error, record.folder))
      const isRefused = reason !== null && ['bad-download', 'not-found'].includes(reason.code)
      // A disk that is full keeps no note either: the list still says why.
      await list.set(entry, { state: isRefused ? 'failed' : 'paused', error: reason }).catch(() => {})
    }
  }

  return {
    runNext,
    async close(): Promise<void> {
      isClosed = true
      for (const { run } of list.all()) run?.stop.abort()
      for (const { run } of list.all()) await run?.ended
    },
  }
}

/** Hears how far a download is, and tells and notes it now and then. */
function listener(entry: Entry, list: DownloadList) {
  const { record, rate } = entry
  let toldAt = 0
  let notedAt = performance.now()
  return {
    reached(bytes: number) {
      const now = performance.now()
      record.doneBytes = Math.min(bytes, totalBytesOf(record))
      rate.reached(bytes, now)
      if (record.state === 'checking') record.state = 'running'
      if (now - toldAt < toldEveryMs) return
      toldAt = now
      if (now - notedAt < notedEveryMs) return list.tell(entry)
      notedAt = now
      void list.set(entry, {}).catch(() => {})
    },
    startedOver: () => void (record.startedOver = true),
    checking() {
      record.state = 'checking'
      list.tell(entry)
    },
  }
}
