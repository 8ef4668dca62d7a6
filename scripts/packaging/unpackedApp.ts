import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../build.ts'
import { electronBinary } from '../electron.ts'

/** Where Electron's program has its fuses: a mark, the version, their number, and one digit for each. */
export const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** A program of no use but for its fuses, which stand as Electron's do when it comes. */
function makeElectronStandIn(folder: string): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'electron'), `${fuseMark}\x01\x0810110001`, { mode: 0o755 })
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(path.join(folder, name), '')
  return folder
}

/**
 * What `npm run package` puts into the installers of Linux, unpacked, from what was built below `out`; where Electron is
 * not installed, with a stand-in for its program.
 * @param folder where it may write
 * @returns the folder of the app
 */
export function makeUnpackedApp(folder: string): string {
  const program = electronBinary()
  const electronDist = program ? path.dirname(program) : makeElectronStandIn(path.join(folder, 'electron'))
  const options = { electronDist, 'directories.output': path.join(folder, 'dist') }
  const args = Object.entries(options).map(([name, value]) => `--config.${name}=${value}`)
  const builder = path.join(root, 'node_modules', 'electron-builder', 'cli.js')
  execFileSync(process.execPath, [builder, '--linux', 'dir', ...args], { cwd: root, stdio: 'pipe' })
  return path.join(folder, 'dist', 'linux-unpacked')
}
