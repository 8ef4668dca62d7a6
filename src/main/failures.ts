import { appendFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { dialog } from 'electron'
import { makeFolder } from '../studio/files.ts'

const largestLog = 2 ** 20
/** Different ones that are shown; what goes wrong again and again must not cover the window with dialogs. */
const mostShown = 3

/**
 * Writes what nobody caught in the main process to a log, and shows each kind once. The app goes on: jobs and files
 * do not depend on what failed, or they would have caught it.
 */
export function watchFailures(logFile: string): void {
  const shown = new Set<string>()
  const report = (failure: unknown): void => {
    const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)
    logFailure(logFile, text)
    const message = failure instanceof Error ? failure.message : text
    if (shown.has(message) || shown.size === mostShown) return
    shown.add(message)
    dialog.showErrorBox(
      'Something went wrong in Latent Studio',
      `${message}\n\nIt goes on. If something does not work, quit and open it again. Details are in ${logFile}.`,
    )
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
}

/** Adds an entry to the log, which is begun anew above 1 MiB; the one before is kept. */
function logFailure(file: string, text: string): void {
  try {
    makeFolder(path.dirname(file))
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > largestLog) renameSync(file, `${file}.old`)
    appendFileSync(file, `${new Date().toISOString()} ${text}\n`)
  } catch {
    // A full or read-only disk: it is still shown.
  }
}
