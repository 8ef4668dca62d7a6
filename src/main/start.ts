import path from 'node:path'
import { app, nativeTheme, protocol, session, type BrowserWindow } from 'electron'
import { makeFolder } from '../studio/files.ts'
import { defaultDataFolder, rendererFolder } from '../studio/paths.ts'
import { serveChannel } from '../studio/server/serveChannel.ts'
import { openStudio, type Studio } from '../studio/studio.ts'
import { desktopOf } from './desktop.ts'
import { askForFolder, askToQuit, showFailure } from './dialogs.ts'
import { watchFailures } from './failures.ts'
import { offerTextMenu, setMenu } from './menu.ts'
import { scheme } from './origin.ts'
import { servePages } from './pages.ts'
import { keepSecretsIn } from './secrets.ts'
import { denyPermissions, loadStudio, openWindow, reloadAfterCrash, showNote } from './window.ts'
import { serveWindow } from './windowChannel.ts'

const dataFolder = defaultDataFolder()
watchFailures(path.join(dataFolder, 'window', 'failures.log'))
keepChromiumFilesIn(path.join(dataFolder, 'window'))
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])

if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  await app.whenReady()
  try {
    const secrets = keepSecretsIn(app.getPath('userData'))
    let window: BrowserWindow | undefined = undefined
    const theWindow = (): BrowserWindow => (window ??= open())
    app.on('second-instance', () => window && bringToFront(window))
    const studio = await openStudio({
      dataFolder,
      secrets,
      tell: (message) => void showNote(theWindow(), message),
      followFolders: true,
      chooseFolder: () => askForFolder(window),
      desktop: desktopOf(theWindow),
    })
    await followTheme(studio)
    window = theWindow()
    serve(studio, window)
    quitWith(studio, window)
    await loadStudio(window)
  } catch (error) {
    showFailure(error)
    app.exit(1)
  }
}

/** Tools to look into the page are for developers, who ask for them. */
const withDevTools = process.env['LATENT_STUDIO_DEVTOOLS'] === '1'

/** Beside the studio's own files, so two data folders are two studios that can be open at once. */
function keepChromiumFilesIn(folder: string): void {
  try {
    makeFolder(folder)
    app.setPath('userData', folder)
  } catch {
    // The studio will not open in this data folder either, and says why.
  }
}

function open(): BrowserWindow {
  denyPermissions(session.defaultSession)
  setMenu({ dataFolder, withDevTools })
  const window = openWindow({
    preload: path.join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
    stateFile: path.join(app.getPath('userData'), 'window.json'),
    withDevTools,
  })
  reloadAfterCrash(window)
  offerTextMenu(window.webContents)
  return window
}

function serve(studio: Studio, window: BrowserWindow): void {
  protocol.handle(scheme, servePages(rendererFolder, studio.assets))
  serveWindow(window.webContents, (channel) => serveChannel(studio, channel))
}

/** Title bar, menus and dialogs are as dark or light as the page. */
async function followTheme(studio: Studio): Promise<void> {
  nativeTheme.themeSource = (await studio.calls.settings()).theme
  studio.subscribe({ settingsChanged: ({ theme }) => (nativeTheme.themeSource = theme) })
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.focus()
}

/**
 * Closing the window quits. While pictures are being made it asks first, and the studio is closed before the end;
 * whatever fails on the way, the app ends.
 */
function quitWith(studio: Studio, window: BrowserWindow): void {
  let state: 'open' | 'asking' | 'closed' = 'open'

  async function quit(): Promise<void> {
    if (state !== 'open') return
    state = 'asking'
    const isWanted = !studio.hasRunningJob() || (await askToQuit(window).catch(() => true))
    if (!isWanted) {
      state = 'open'
      return
    }
    await studio.close()
    state = 'closed'
    app.quit()
  }

  const holdUp = (event: { preventDefault(): void }): void => {
    if (state === 'closed') return
    event.preventDefault()
    void quit()
  }
  window.on('close', holdUp)
  app.on('before-quit', holdUp)
}
