import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron'
import { toErrorRecord } from '../shared/errors.ts'

/** Asks whether to quit although pictures are being made; true when the person wants that. */
export async function askToQuit(window: BrowserWindow | undefined): Promise<boolean> {
  const question = {
    type: 'question' as const,
    message: 'A picture is being made. Quit all the same?',
    detail: 'Finished pictures are kept. What is not finished goes on when you open Latent Studio again.',
    buttons: ['Keep working', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  }
  const { response } = await (window
    ? dialog.showMessageBox(window, question)
    : dialog.showMessageBox(question))
  return response === 1
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
  dialog.showErrorBox('Latent Studio could not open', `${message}\n\n${code}`)
}
