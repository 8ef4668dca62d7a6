import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StudioError } from '../shared/errors.ts'

/**
 * Where the application's own parts lie, seen from this file: as TypeScript below `src`, or built (and perhaps
 * bundled) below `out`, in a folder or inside Electron's app.asar.
 */
const here = fileURLToPath(import.meta.url)
const isSource = here.endsWith('.ts')
const applicationFolder = findApplicationFolder(dirname(here))

function findApplicationFolder(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new StudioError('internal', `No package.json above ${here}.`)
  return findApplicationFolder(parent)
}

/** What other processes read must lie outside Electron's archive. */
const unpacked = (path: string): string => path.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)

export const builtInModelsFolder = unpacked(join(applicationFolder, 'resources', 'models'))

export const builtInUpscalersFolder = unpacked(join(applicationFolder, 'resources', 'upscalers'))

export const rendererFolder = join(applicationFolder, 'out', 'renderer')

/** Licences and notices of everybody else's work in the app: a text file the system's programs can open. */
export const noticesFile = unpacked(join(rendererFolder, 'third-party-licences.txt'))

export const defaultEnginePath = isSource
  ? join(applicationFolder, 'src', 'engine', 'main.ts')
  : unpacked(join(applicationFolder, 'out', 'engine', 'main.js'))

/** The thread that looks through a large database. */
export const checkDatabasePath = isSource
  ? join(applicationFolder, 'src', 'studio', 'history', 'database', 'checkDatabase.ts')
  : join(applicationFolder, 'out', 'studio', 'checkDatabase.js')

/** The thread that brings a database of an older version up to this one. */
export const bringUpDatabasePath = isSource
  ? join(applicationFolder, 'src', 'studio', 'history', 'database', 'bringUpDatabase.ts')
  : join(applicationFolder, 'out', 'studio', 'bringUpDatabase.js')

/** Path of a real Node binary: the one the npm package `node` brings, else the running one. Never Electron's. */
export function findNodeBinary(): string {
  try {
    const packageFile = createRequire(import.meta.url).resolve('node/package.json')
    const binary = unpacked(
      join(dirname(packageFile), 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    )
    if (existsSync(binary)) return binary
  } catch {
    // Not installed: the running binary may do.
  }
  if (!process.versions.electron) return process.execPath
  throw new StudioError(
    'internal',
    'The Node binary that runs the engine is missing. Install Latent Studio again.',
  )
}

/** Version of an installed package, or 'unknown'. */
export function packageVersion(name: string): string {
  const require = createRequire(import.meta.url)
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, 'package.json')
    if (existsSync(file)) return (require(file) as { version: string }).version
  }
  return 'unknown'
}

export const applicationVersion = (
  createRequire(import.meta.url)(join(applicationFolder, 'package.json')) as { version: string }
).version

/** The data folder where nobody names one: LATENT_STUDIO_DATA, else the usual place of the operating system. */
export function defaultDataFolder(): string {
  const { LATENT_STUDIO_DATA, APPDATA, XDG_DATA_HOME } = process.env
  if (LATENT_STUDIO_DATA) return LATENT_STUDIO_DATA
  if (process.platform === 'win32')
    return join(APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Latent Studio')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Latent Studio')
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'latent-studio')
}
