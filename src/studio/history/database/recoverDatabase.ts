import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { bringUp } from './bringUp.ts'
import { openDatabase, type Database } from './database.ts'
import type { Tell } from './migrations.ts'
import { makeFolder, syncFolder } from '../../files.ts'
import { localTime } from '../../pictures/localTime.ts'
import { isInUse } from '../../ownership.ts'
import { ownPictures } from '../ownPictures.ts'
import { databaseSuffixes, rebuildDatabase, salvage } from '../rebuild.ts'
import { storageError } from './storageErrors.ts'
import { whenUnlocked } from './whenUnlocked.ts'
import { saying, type Saying } from '../../../shared/notices.ts'

/**
 * The files of the database. A rebuild fills `filling`; then the damaged one becomes `replaced`, the filled one `current`,
 * and the damaged one gets a dated name. Wherever that is cut off, what lies there tells how to go on.
 */
const filesIn = (dataFolder: string) => ({
  current: join(dataFolder, 'studio.db'),
  filling: join(dataFolder, 'studio-rebuild.db'),
  replaced: join(dataFolder, 'studio-damaged.db'),
  /** Says that a check found the database damaged while it was in use. */
  foundDamaged: join(dataFolder, 'studio-damaged.txt'),
})
type Files = ReturnType<typeof filesIn>

/** Where a check that finds a database in use damaged leaves word for the next start. */
export const damageNote = (dataFolder: string): string => filesIn(dataFolder).foundDamaged

/**
 * Opens the database of a data folder, making both where they are missing. One that is damaged, or that is missing or
 * empty beside pictures, is first rebuilt from the pictures; `says` then tells so. Nobody else may open it meanwhile.
 * Throws `read-only`, `disk-full`, `database-locked`, `bad-request` for a folder of a newer version, and
 * `corrupt-database` while another studio works with a damaged one.
 */
export async function openRecovered(
  dataFolder: string,
  tell: Tell,
): Promise<{ database: Database; says: Saying[] }> {
  const files = filesIn(dataFolder)
  try {
    makeFolder(dataFolder)
    const images = join(dataFolder, 'images')
    const state = await stateOf(files, images, { dataFolder, tell })
    if (typeof state !== 'string') return { database: state, says: finishReplacing(files, state) ?? [] }
    if (isInUse(dataFolder)) {
      const message = `${files.current} is ${state}, and another Latent Studio works with this folder. Close that one, then start again to have the database rebuilt from the images.`
      throw new StudioError('corrupt-database', message)
    }
    const old = existsSync(files.current) ? files.current : files.replaced
    await rebuildDatabase(files.filling, old, images)
    replace(files, state === 'damaged')
    await syncFolder(dataFolder)
    const database = openDatabase(files.current)
    const rebuilt = saying(rebuiltWhere[state], { count: imageCount(database) })
    return { database, says: finishReplacing(files, database) ?? [rebuilt, saying('notInPictures')] }
  } catch (error) {
    throw storageError(error, files.current)
  }
}

/** The database, open, or what is the matter with it. */
async function stateOf(
  files: Files,
  images: string,
  { dataFolder, tell }: { dataFolder: string; tell: Tell },
): Promise<Database | 'damaged' | 'missing' | 'empty'> {
  if (existsSync(files.foundDamaged)) return 'damaged'
  if ((statSync(files.current, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    if (existsSync(files.replaced)) return 'damaged'
    const state = existsSync(files.current) ? 'empty' : 'missing'
    if (await hasPictures(images)) return state
  }
  try {
    await bringUp(files.current, tell)
    const database = await whenUnlocked(() => openDatabase(files.current))
    if (!isEmpty(database) || isInUse(dataFolder) || !(await hasPictures(images))) return database
    database.close()
    return 'empty'
  } catch (error) {
    if ((error as { code?: string }).code !== 'corrupt-database') throw error
    return 'damaged'
  }
}

async function hasPictures(folder: string): Promise<boolean> {
  const { done } = await ownPictures(folder).next()
  return !done
}

/** A job or a file to delete shows that it was in use: the pictures beside it then only lack their rows. */
const isEmpty = (database: Database): boolean =>
  ['images', 'jobs', 'removedFiles'].every(
    (table) => database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined,
  )

/** Puts the filled database in the place of the current one; one that is damaged is kept. */
function replace(files: Files, isDamaged: boolean): void {
  // The log first: beside another database it must never lie.
  for (const suffix of databaseSuffixes) {
    if (!isDamaged) rmSync(files.current + suffix, { force: true })
    else if (existsSync(files.current + suffix)) renameSync(files.current + suffix, files.replaced + suffix)
  }
  rmSync(files.foundDamaged, { force: true })
  renameSync(files.filling, files.current)
}

/** Gives a database that was replaced its dated name, and says what happened; null: there is none. */
function finishReplacing(files: Files, database: Database): Saying[] | null {
  if (!existsSync(files.replaced)) return null
  const { jobs, trashed, whole } = salvage(files.replaced)
  const lost = unreadParts({ ...whole, isNothing: jobs.length + trashed.size === 0 })
  const date = localTime(Date.now()).replaceAll(':', '-')
  const keptAside = files.replaced.replace(/\.db$/, `-${date}.db`)
  for (const suffix of databaseSuffixes) {
    if (existsSync(files.replaced + suffix)) renameSync(files.replaced + suffix, keptAside + suffix)
  }
  return [saying('databaseKept', { file: keptAside, count: imageCount(database) }), ...lost]
}

/** Says what of a damaged database could not be read and is told by no picture. */
function unreadParts({
  jobs,
  trash,
  isNothing,
}: {
  jobs: boolean
  trash: boolean
  isNothing: boolean
}): Saying[] {
  // What pictures do not tell, and only a damaged database may still hold.
  if (!jobs && !trash && isNothing) return [saying('notInPictures')]
  return [...(jobs ? [] : [saying('queueIncomplete')]), ...(trash ? [] : [saying('trashIncomplete')])]
}

const rebuiltWhere = {
  damaged: 'databaseReplaced',
  missing: 'databaseMissing',
  empty: 'databaseEmpty',
} as const

const imageCount = (database: Database): number =>
  database.prepare('SELECT count(*) FROM images').pluck().get() as number
