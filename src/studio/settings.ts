import { accessSync, constants, copyFileSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { settingsSchema, type Settings } from '../shared/settings.ts'
import { withoutLastCommas } from '../shared/handwrittenJson.ts'
import { fieldProblem } from './checkedCalls.ts'
import { writeFileDurably } from './files.ts'
import { localTime } from './pictures/localTime.ts'
import { saying, type Saying } from '../shared/notices.ts'

export interface SettingsFile {
  current(): Settings
  change(change: Partial<Settings>): Promise<Settings>
}

interface Found {
  settings: Settings
  /** What stands in the file under names that are no settings of this version: a later one may know them. */
  others: Record<string, unknown>
  /** What the next change would overwrite, each in a sentence. */
  lost: Saying[]
}

/**
 * The settings, a JSON file a person can read and edit. A value that is not valid costs its own setting only, which
 * then has its default; the file as it was is kept beside it, and `problems` say all of that.
 */
export function openSettings(
  dataFolder: string,
  writer: string,
): { settings: SettingsFile; problems: Saying[] } {
  const path = join(dataFolder, 'settings.json')
  const { settings: found, others: unknownValues, lost } = read(path)
  let others = unknownValues
  const unknown = Object.keys(others).map((name) => `"${name.slice(0, 60)}"`)
  let settings = found
  let lastChange: Promise<unknown> = Promise.resolve()
  let seen = stampOf(path)

  /** The settings as they stand, with what another studio or a person has written since; what cannot be read is left. */
  function current(): Settings {
    const stamp = stampOf(path)
    if (stamp === seen || stamp === null) return settings
    seen = stamp
    const written = read(path)
    if (written.lost.length === 0) ({ settings, others } = written)
    return settings
  }

  async function changeNow(change: Partial<Settings>): Promise<Settings> {
    const changed = settingsSchema.parse({ ...current(), ...change })
    await writeFileDurably(path, `${JSON.stringify({ ...others, ...changed }, null, 2)}\n`, writer)
    settings = changed
    seen = stampOf(path)
    return settings
  }

  const problems = [
    ...lost,
    ...(lost.length > 0 ? [keepAside(path)] : []),
    ...(unknown.length > 0 ? [saying('settingsUnknown', { names: unknown.join(', ') })] : []),
  ]
  return {
    problems: problems.length > 0 ? [saying('ofFile', { file: path }), ...problems] : [],
    settings: {
      current,
      // One after the other: of two changes at once, the second is made to what the first one left.
      change(change) {
        const changed = lastChange.then(() => changeNow(change))
        lastChange = changed.catch(() => {})
        return changed
      },
    },
  }
}

/** Changes whenever the file does; null: there is none. */
function stampOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : null
}

function read(path: string): Found {
  const settings: Record<string, unknown> = settingsSchema.parse({})
  const found: Found = { settings: settings as unknown as Settings, others: {}, lost: [] }
  let content: object
  try {
    content = readJson(path)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return found
    const reason = (error as Error).message
    return { ...found, lost: [saying('settingsUnread', { reason })] }
  }
  for (const [name, value] of Object.entries(content)) {
    if (!Object.hasOwn(settingsSchema.shape, name)) {
      found.others[name] = value
      continue
    }
    const schema = settingsSchema.shape[name as keyof Settings]
    const field = schema.safeParse(value, { reportInput: true })
    if (field.success) settings[name] = field.data
    else if (Array.isArray(value) && Array.isArray(settings[name])) {
      const { issues } = field.error
      const bad = issues.map((issue) => `its entry ${Number(issue.path[0]) + 1} ${fieldProblem(issue)}`)
      settings[name] = schema.parse(value.filter((_, at) => !issues.some(({ path }) => path[0] === at)))
      found.lost.push(saying('settingEntries', { name, reason: bad.join('; ') }))
    } else {
      const reason = fieldProblem(field.error.issues[0])
      found.lost.push(saying('settingDefault', { name, reason, value: JSON.stringify(settings[name]) }))
    }
  }
  return found
}

function readJson(path: string): object {
  // A pipe would keep the studio from opening.
  if (!statSync(path).isFile()) throw new Error('it is not a file')
  const content: unknown = JSON.parse(withoutLastCommas(readFileSync(path, 'utf8').replace(/^\ufeff/, '')))
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content
  throw new Error('it must hold an object in braces')
}

/** Keeps what the next change would overwrite, under the date it is from; answers a sentence about that. */
function keepAside(path: string): Saying {
  try {
    const status = statSync(path)
    const date = localTime(status.mtimeMs).replaceAll(':', '-')
    const kept = path.replace(/\.json$/, `-kept-${date}.json`)
    if (status.isFile() && isReadable(path)) copyFileSync(path, kept)
    else renameSync(path, kept)
    return saying('settingsKept', { file: kept })
  } catch (error) {
    return saying('settingsNotKept', { reason: (error as Error).message })
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
