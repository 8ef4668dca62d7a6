import type { MenuItemConstructorOptions } from 'electron'
import { openingSentences, type OpeningSentences } from '../../shared/opening.ts'

/** Commands of a system that Electron names in English alone. */
type Roles = Partial<Record<NonNullable<MenuItemConstructorOptions['role']>, string>>

/** What the shell itself says, outside the page: in dialogs, menus and notifications. */
export const en = {
  ready: (count: number) => (count === 1 ? 'The picture is ready' : `${count} pictures are ready`),
  failed: 'A picture could not be made',
  quitWhile: 'A picture is being made. Quit all the same?',
  closeWhile: 'A picture is being made. What shall become of it?',
  quitDetail: 'Finished pictures are kept. What is not finished goes on when you open Latent Studio again.',
  closeDetail:
    'Without a window it goes on until everything in the queue is made; opening Latent Studio again brings the window back. What is not finished when you quit goes on the next time.',
  keepWorking: 'Keep working',
  goOnWithoutWindow: 'Go on without a window',
  quit: 'Quit',
  cancel: 'Cancel',
  update: {
    isThere: (version: string) => `Latent Studio ${version} is there. Fetch it?`,
    detail: 'It is installed when you quit. Your pictures, models and settings stay.',
    fetchIt: 'Fetch it',
    notNow: 'Not now',
  },
  menu: {
    file: 'File',
    newWindow: 'New Window',
    openDataFolder: 'Open Data Folder',
    edit: 'Edit',
    view: 'View',
    help: 'Help',
    licences: 'Third-Party Licences',
  },
  /** Where there is none, Electron's own. */
  roles: {} as Roles,
  failure: {
    couldNotOpen: 'Latent Studio could not open',
    wentWrong: 'Something went wrong in Latent Studio',
    goesOn: (logFile: string) =>
      `It goes on. If something does not work, quit and open it again. Details are in ${logFile}.`,
    pageGone: 'The window of Latent Studio cannot be shown',
    pageGoneDetail: (times: number, reason: string) =>
      `Its page ended ${times} times in a row (${reason}). Pictures go on being made. Close other programs if memory is short, then choose View → Reload.`,
  },
  /** What is said before the studio is open. */
  opening: openingSentences as OpeningSentences,
}

export type Words = typeof en
