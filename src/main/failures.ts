import { dialog } from 'electron'
import { addToLog } from '../studio/log.ts'
import { words } from './words.ts'

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
    addToLog(logFile, text)
    const message = failure instanceof Error ? failure.message : text
    if (shown.has(message) || shown.size === mostShown) return
    shown.add(message)
    const { wentWrong, goesOn } = words().failure
    dialog.showErrorBox(wentWrong, `${message}\n\n${goesOn(logFile)}`)
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
}
