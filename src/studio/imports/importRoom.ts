import type { ImportState } from '../../shared/library/imports.ts'
import type { Database } from '../history/database/database.ts'
import type { History } from '../history/history.ts'
import type { MarkChanges } from '../history/marks/changeMarks.ts'
import type { MarkJournal } from '../history/marks/markJournal.ts'
import { watchFolders } from '../models/folders/watchFolders.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import { throttled } from '../throttled.ts'
import { openImportTable } from './importTable.ts'
import { createLook } from './lookThrough.ts'
import { saying, told, type Told, type Warn } from '../../shared/notices.ts'

/** The folders of other programs' pictures: what is in them is in the library, and stays where it lies. */
export interface ImportRoom {
  state(): ImportState
  /** Looks through the folders, beside everything else; goes on after a stop. */
  look(): void
  stop(): void
  /** Waits for the file that is being read. */
  close(): Promise<void>
}

export interface ImportParts {
  database: Database
  history: History
  imageFiles: Pick<ImageFiles, 'remove'>
  journal: Pick<MarkJournal, 'read'>
  marks: Pick<MarkChanges, 'restore'>
  folders: () => readonly string[]
  /** Folders that are passed over: the studio's own. */
  leftOut: readonly string[]
  /** Whether new files are taken in while the studio is open. */
  follow: boolean
  changed: (state: ImportState) => void
  historyChanged: () => void
  warn: Warn
}

const tellMs = 500
/** Whoever shows the history asks for all that it shows again. */
const tellHistoryMs = 2000

export function openImportRoom(parts: ImportParts): ImportRoom {
  const { folders, warn } = parts
  const table = openImportTable(parts.database)
  const problems = new Map<string, Told | null>()
  const watching = parts.follow ? watchFolders(lookUnlessStopped) : null
  const tell = throttled(() => void (isClosed || parts.changed(state())), tellMs)
  const tellHistory = throttled(() => void (isClosed || parts.historyChanged()), tellHistoryMs)
  const lookThrough = createLook(parts, table, {
    isOver: () => isClosed || progress.phase === 'stopped',
    setProgress,
    setProblem: (folder, problem) => void problems.set(folder, problem && told(problem)),
    changed: tellHistory,
    watch: (found) => watching?.set(found),
  })
  let progress: Omit<ImportState, 'folders'> = { phase: 'idle', done: 0, of: 0 }
  let running: Promise<void> | null = null
  let isWantedAgain = false
  let isClosed = false

  function state(): ImportState {
    const known = (path: string) => ({ pictures: table.count(path), problem: problems.get(path) ?? null })
    return { ...progress, folders: folders().map((path) => ({ path, ...known(path) })) }
  }

  function setProgress(next: Partial<typeof progress>): void {
    if (progress.phase === 'stopped') return
    progress = { ...progress, ...next }
    tell()
  }

  async function lookUntilDone(): Promise<void> {
    do {
      isWantedAgain = false
      await lookThrough()
    } while (isWantedAgain && !isClosed && progress.phase !== 'stopped')
  }

  function look(): void {
    if (isClosed) return
    if (progress.phase === 'stopped') progress = { ...progress, phase: 'idle' }
    if (running) return void (isWantedAgain = true)
    running = lookUntilDone()
      .catch((error: Error) => warn(saying('importsFailed', { reason: error.message })))
      .finally(() => {
        running = null
        setProgress({ phase: 'idle' })
        tellHistory()
      })
  }

  function lookUnlessStopped(): void {
    if (progress.phase !== 'stopped' && folders().length > 0) look()
  }

  if (parts.follow) look()
  return {
    state,
    look,
    stop: () => void (running && setProgress({ phase: 'stopped' })),
    async close() {
      isClosed = true
      watching?.close()
      await running
    },
  }
}
