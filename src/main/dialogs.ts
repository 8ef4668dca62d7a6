import { dialog, type BrowserWindow, type MessageBoxOptions, type OpenDialogOptions } from 'electron'
import { toErrorRecord } from '../shared/errors.ts'
import { words } from './words.ts'

async function ask(window: BrowserWindow | undefined, question: MessageBoxOptions): Promise<number> {
  const asked = { type: 'question' as const, ...question }
  const { response } = await (window ? dialog.showMessageBox(window, asked) : dialog.showMessageBox(asked))
  return response
}

/** Asks whether to quit although pictures are being made; true when the person wants that. */
export async function askToQuit(window: BrowserWindow | undefined): Promise<boolean> {
  const { quitWhile: message, quitDetail: detail, keepWorking, quit } = words()
  return (
    (await ask(window, { message, detail, buttons: [keepWorking, quit], defaultId: 0, cancelId: 0 })) === 1
  )
}

/** Asks what becomes of the pictures that are being made when the last window closes. */
export async function askAtLastWindow(window: BrowserWindow): Promise<'goOn' | 'quit' | 'cancel'> {
  const { closeWhile: message, closeDetail: detail, goOnWithoutWindow, quit, cancel } = words()
  const buttons = [goOnWithoutWindow, quit, cancel]
  const answer = await ask(window, { message, detail, buttons, defaultId: 0, cancelId: 2 })
  return (['goOn', 'quit', 'cancel'] as const)[answer] ?? 'cancel'
}

/** Asks whether to fetch a newer version of the program. */
export async function askToFetch(window: BrowserWindow | undefined, version: string): Promise<boolean> {
  const { isThere, detail, fetchIt, notNow } = words().update
  const question = { message: isThere(version), detail, buttons: [fetchIt, notNow] }
  return (await ask(window, { ...question, defaultId: 0, cancelId: 1 })) === 0
}

/** Asks for a folder with models; null when the person chose none. */
export async function askForFolder(window: BrowserWindow | undefined): Promise<string | null> {
  const options: OpenDialogOptions = { properties: ['openDirectory', 'showHiddenFiles'] }
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return filePaths[0] ?? null
}

/** Says why the studio could not be opened. */
export function showFailure(error: unknown): void {
  const { code, message } = toErrorRecord(error)
  dialog.showErrorBox(words().failure.couldNotOpen, `${message}\n\n${code}`)
}
