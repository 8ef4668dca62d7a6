import { basename } from 'node:path'
import {
  BrowserWindow,
  dialog,
  nativeTheme,
  shell,
  type Rectangle,
  type Session,
  type WebContents,
} from 'electron'
import { noticesFile } from '../studio/paths.ts'
import { isOurs, origin } from './origin.ts'
import { readWindowState, saveWindowState, stayOnScreen, withinScreen } from './windowState.ts'
import { words } from './words.ts'

const canvas = { dark: '#161616', light: '#e9e9e9' }

/** Opens a window of the studio, sandboxed and confined to our own page, where the last one stood or at a given place. */
export function openWindow({
  preload,
  stateFile,
  withDevTools,
  place,
}: {
  preload: string
  stateFile: string
  withDevTools: boolean
  place: { x?: number; y?: number }
}): BrowserWindow {
  const { maximized, ...last } = readWindowState(stateFile)
  const window = new BrowserWindow({
    ...drawnIn({ ...last, ...place }),
    minWidth: 800,
    minHeight: 560,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? canvas.dark : canvas.light,
    title: 'Latent Studio',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      devTools: withDevTools,
    },
  })
  if (maximized) window.maximize()
  confine(window.webContents)
  window.once('ready-to-show', () => window.show())
  window.on('close', () => saveWindowState(stateFile, window))
  stayOnScreen(window)
  followBackground(window)
  return window
}

/** A place that is known, so that all of it can be seen; the system chooses one that is not. */
const drawnIn = ({ x, y, width = 0, height = 0 }: Partial<Rectangle>): Partial<Rectangle> =>
  x === undefined || y === undefined ? { width, height } : withinScreen({ x, y, width, height })

/** What shows before the page does is as dark or light as the page. */
function followBackground(window: BrowserWindow): void {
  const follow = (): void =>
    window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? canvas.dark : canvas.light)
  nativeTheme.on('updated', follow)
  window.once('closed', () => nativeTheme.off('updated', follow))
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Shows a sentence in the window while the studio is not open yet. Closing the window then quits, and does no harm. */
export async function showNote(window: BrowserWindow, message: string): Promise<void> {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const page = `<!doctype html><meta name="color-scheme" content="light dark"><title>Latent Studio</title>
    <body style="font: 15px system-ui; display: grid; place-content: center; height: 90vh; padding: 0 10%">
    <p role="status">${text}</p>`
  // The next sentence, or the studio, may come before this one is loaded.
  await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page)}`).catch(() => {})
}

/** Loads the page into its window. */
export const loadStudio = (window: BrowserWindow): Promise<void> => window.loadURL(`${origin}/`)

const crashesInARow = 3
const aRowMs = 60_000

/**
 * Loads the page again when its process ends by itself: the studio is not in it, and nothing is lost. A page that ends
 * three times within a minute is left, and that is said.
 */
export function reloadAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const now = Date.now()
    crashes = [...crashes.filter((time) => now - time < aRowMs), now]
    if (crashes.length < crashesInARow) window.webContents.reload()
    else {
      const { pageGone, pageGoneDetail } = words().failure
      dialog.showErrorBox(pageGone, pageGoneDetail(crashesInARow, reason))
    }
  })
}

/**
 * Keeps a page where it is: no other page, no second window, no embedded one. Links open in the system's browser, and
 * the licences of others in its program for texts.
 */
function confine(contents: WebContents): void {
  contents.on('will-frame-navigate', (event) => {
    if (!isOurs(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (url.startsWith('https://')) void shell.openExternal(url)
    if (url === `${origin}/${basename(noticesFile)}`) void shell.openPath(noticesFile)
    return { action: 'deny' }
  })
}

/** Refuses every permission a page can ask for, but to put text and pictures on the clipboard. */
export function denyPermissions(session: Session): void {
  const isAllowed = (permission: string, requester: string): boolean =>
    permission === 'clipboard-sanitized-write' && isOurs(requester)

  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(isAllowed(permission, requestingUrl)),
  )
  session.setPermissionCheckHandler((_contents, permission, requester) => isAllowed(permission, requester))
  session.setDevicePermissionHandler(() => false)
}
