import Database from 'better-sqlite3'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Opening } from '../shared/opening.ts'
import { makeFolder } from './files.ts'

/**
 * Several studios may work on one data folder at once (a window and a command line). Each holds a lock of the
 * operating system on a file of its own name; when its process ends, however it ends, the lock is gone. So
 * whose jobs are orphaned can be told without process ids, which other processes inherit.
 */
export interface Ownership {
  /** Name of this studio among those that share the folder. */
  readonly id: string
  /** Whether the studio of that name still runs. */
  isAlive(id: string): boolean
  release(): void
}

const locksFolder = (dataFolder: string): string => join(dataFolder, 'locks')
const openingLock = 'opening.lock'

/** Does what only one studio at a time may do while it opens a data folder; others wait for it, and say so. */
export async function whileNobodyOpens<Result>(
  dataFolder: string,
  tell: (opening: Opening) => void,
  open: () => Promise<Result>,
): Promise<Result> {
  makeFolder(locksFolder(dataFolder))
  for (let waited = 0; ; waited++) {
    const lock = tryLock(join(locksFolder(dataFolder), openingLock))
    if (!lock) {
      if (waited === pausesInSilence) tell({ code: 'waits', values: { folder: dataFolder } })
      await wait(openingPause)
      continue
    }
    try {
      return await open()
    } finally {
      lock.close()
    }
  }
}

const openingPause = 50
/** About a second. */
const pausesInSilence = 20

/** Whether a studio has the data folder open. */
export function isInUse(dataFolder: string): boolean {
  const folder = locksFolder(dataFolder)
  if (!existsSync(folder)) return false
  return readdirSync(folder).some((name) => {
    if (name === openingLock) return false
    const lock = tryLock(join(folder, name))
    lock?.close()
    return lock === null
  })
}

export function claimOwnership(dataFolder: string): Ownership {
  const folder = locksFolder(dataFolder)
  const lockFile = (id: string): string => join(folder, `${id}.lock`)
  makeFolder(folder)
  removeLeftLocks(folder)
  const id = randomUUID()
  const lock = tryLock(lockFile(id))
  return {
    id,
    isAlive(other) {
      if (other === id) return true
      if (!existsSync(lockFile(other))) return false
      const taken = tryLock(lockFile(other))
      taken?.close()
      return taken === null
    },
    release() {
      lock?.close()
      rmSync(lockFile(id), { force: true })
    },
  }
}

/** The open lock, which lasts until it is closed or the process ends; null when another holds it. */
function tryLock(file: string): Database.Database | null {
  const lock = new Database(file, { timeout: 0 })
  try {
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return null
    throw error
  }
}

const oneMinute = 60_000

function removeLeftLocks(folder: string): void {
  for (const name of readdirSync(folder)) {
    // It is held only for a moment, so nobody could tell whether it is about to be.
    if (name === openingLock) continue
    const file = join(folder, name)
    // A younger file may belong to a studio that is about to lock it.
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age < oneMinute) continue
    const lock = tryLock(file)
    lock?.close()
    if (lock) rmSync(file, { force: true })
  }
}
