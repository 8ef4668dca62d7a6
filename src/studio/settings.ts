import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsSchema, type Settings } from '../shared/contract.ts'
import { writeFileDurably } from './files.ts'

export interface SettingsFile {
  current(): Settings
  change(change: Partial<Settings>): Promise<Settings>
}

/**
 * The settings, a JSON file a person can read and edit. What is missing or not valid in it has its default, and
 * `problem` then says so.
 */
export function openSettings(
  dataFolder: string,
  writer: string,
): { settings: SettingsFile; problem: string | null } {
  const path = join(dataFolder, 'settings.json')
  const { settings: found, problem } = read(path)
  let settings = found
  return {
    problem,
    settings: {
      current: () => settings,
      async change(change) {
        const changed = settingsSchema.parse({ ...settings, ...change })
        await writeFileDurably(path, `${JSON.stringify(changed, null, 2)}\n`, writer)
        settings = changed
        return settings
      },
    },
  }
}

function read(path: string): { settings: Settings; problem: string | null } {
  const defaults = settingsSchema.parse({})
  try {
    return { settings: settingsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))), problem: null }
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return { settings: defaults, problem: null }
    return { settings: defaults, problem: `${path} could not be read, so the default settings are in use.` }
  }
}
