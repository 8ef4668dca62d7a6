import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from './files.ts'

const largestLog = 2 ** 20
/** Logs that are kept beside the one that is written, as `.1` (the newest), `.2` and so on. */
const olderKept = 2

/** Adds a line to a log, which is begun anew above 1 MiB. What cannot be written is left out: nothing depends on it. */
export function addToLog(file: string, text: string): void {
  try {
    makeFolder(dirname(file))
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > largestLog) rotate(file)
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`)
  } catch {
    // A full or read-only disk.
  }
}

function rotate(file: string): void {
  const named = [file, ...Array.from({ length: olderKept }, (_, index) => `${file}.${index + 1}`)]
  for (let index = olderKept; index > 0; index--) {
    if (existsSync(named[index - 1])) renameSync(named[index - 1], named[index])
  }
}

/** The last lines of a log; none where there is no log. */
export function endOfLog(file: string, lines: number): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines)
  } catch {
    return []
  }
}
