import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.dirname(import.meta.dirname)

const sources = [
  'src',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'scripts/serverBuild.ts',
  'scripts/firstPage.ts',
  'scripts/thirdParty.ts',
  'resources/licences',
]
const stamp = 'out/built'

/** The server as it was built. */
export const builtServer = path.join(root, 'out', 'cli', 'serve.js')

/** Builds everything below `out` when a source is newer than the last build. Throws when the build fails. */
export function buildIfStale(): void {
  const newest = newestTime(root, sources)
  if (newest <= newestTime(root, [stamp])) return
  process.stderr.write('Building …\n')
  build('electron-vite/bin/electron-vite.js')
  build('vite/bin/vite.js', '--config', 'scripts/serverBuild.ts')
  writeFileSync(path.join(root, stamp), '')
  // What was saved while the build ran is newer than what was built.
  utimesSync(path.join(root, stamp), newest / 1000, newest / 1000)
}

function build(program: string, ...args: string[]): void {
  const { status } = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules', program), 'build', '--logLevel', 'error', ...args],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (status !== 0) throw new Error('The build failed; its words are above.')
}

/**
 * When the newest of these files and folders (and all below them) was changed, in ms since 1970; 0 where there
 * is none. A folder's own time tells of files that were removed or renamed.
 */
export function newestTime(folder: string, names: string[]): number {
  return Math.max(0, ...names.map((name) => timeOf(path.join(folder, name))))
}

function timeOf(file: string): number {
  const status = statSync(file, { throwIfNoEntry: false })
  if (!status) return 0
  return status.isDirectory() ? Math.max(status.mtimeMs, newestTime(file, readdirSync(file))) : status.mtimeMs
}
