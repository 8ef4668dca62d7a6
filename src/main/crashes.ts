import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { app, crashReporter } from 'electron'
import { makeFolder } from '../studio/files.ts'

const mostKept = 5

/** Keeps what is left of crashed processes in a folder of this machine, the newest few; nothing is sent to anybody. */
export function keepCrashes(folder: string): void {
  try {
    makeFolder(folder)
    app.setPath('crashDumps', folder)
    for (const dump of dumpsIn(folder).slice(mostKept)) rmSync(dump, { force: true })
  } catch {
    // Where nothing can be written, crashes leave nothing.
  }
  crashReporter.start({ uploadToServer: false })
}

/** Newest first. */
function dumpsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dmp'))
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .sort((one, other) => other.at - one.at)
    .map(({ file }) => file)
}
