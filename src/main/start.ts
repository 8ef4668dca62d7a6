import path from 'node:path'
import { app, nativeTheme, protocol, session } from 'electron'
import { sayOpening } from '../shared/opening.ts'
import type { Settings } from '../shared/settings.ts'
import { makeFolder } from '../studio/files.ts'
import { defaultDataFolder, rendererFolder } from '../studio/paths.ts'
import { openStudio, type Studio } from '../studio/studio.ts'
import { keepCrashes } from './crashes.ts'
import { desktopOf } from './desktop.ts'
import { askForFolder, showFailure } from './dialogs.ts'
import { watchFailures } from './failures.ts'
import { offerTextMenu, setMenu } from './menu.ts'
import { filesIn } from './openWith.ts'
import { scheme } from './origin.ts'
import { tellOutside } from './outside.ts'
import { servePages } from './pages.ts'
import { createQuitting } from './quitting.ts'
import { keepSecretsIn } from './secrets.ts'
import { denyPermissions, openWindow, reloadAfterCrash, showNote } from './window.ts'
import { createWindowService } from './windowService.ts'
import { canUpdate, offerUpdates } from './updates.ts'
import { createWindows, type Windows } from './windows.ts'
import { speak, words } from './words.ts'

const dataFolder = defaultDataFolder()
watchFailures(path.join(dataFolder, 'window', 'failures.log'))
keepChromiumFilesIn(path.join(dataFolder, 'window'))
keepCrashes(path.join(dataFolder, 'window', 'crashes'))
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])
// Windows shows notifications only of a program that has said which it is.
if (process.platform === 'win32') app.setAppUserModelId('studio.latent.app')

/** Files that were opened with the program before it was ready to show them. */
const early: string[] = filesIn(process.argv, process.cwd())
app.on('open-file', (event, file) => {
  event.preventDefault()
  early.push(file)
})

if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  await app.whenReady()
  try {
    denyPermissions(session.defaultSession)
    const windows = createWindows(createWindow)
    const studio = await openStudio({
      dataFolder,
      secrets: keepSecretsIn(app.getPath('userData')),
      tell: (opening) =>
        void showNote(windows.front() ?? windows.open(), sayOpening(opening, words().opening)),
      followFolders: true,
      chooseFolder: () => askForFolder(windows.front()),
      desktop: desktopOf(() => windows.front() ?? windows.open(), canUpdate()),
    })
    await followSettings(studio)
    protocol.handle(scheme, servePages(rendererFolder, studio.assets))
    await serve(studio, windows)
  } catch (error) {
    showFailure(error)
    app.exit(1)
  }
}

/** Shows the studio in its windows: the one there is, and those that are opened later. */
async function serve(studio: Studio, windows: Windows): Promise<void> {
  const service = createWindowService(studio, windows, createQuitting(studio, windows))
  const showMenu = (): void => setMenu({ dataFolder, withDevTools, openWindow: () => void service.open() })
  showMenu()
  studio.subscribe({ settingsChanged: showMenu })
  app.on('second-instance', (_event, commandLine, folder) => {
    const files = filesIn(commandLine, folder)
    service.show()
    if (files.length > 0) service.openFiles(files)
  })
  app.on('activate', service.show)
  app.removeAllListeners('open-file')
  app.on('open-file', (event, file) => {
    event.preventDefault()
    service.show()
    service.openFiles([file])
  })
  tellOutside(studio, windows, service.show)
  service.openFiles(early)
  await service.open(windows.front())
  offerUpdates(studio, windows, path.join(app.getPath('userData'), 'failures.log'))
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

function createWindow(place: { x?: number; y?: number }) {
  const window = openWindow({
    preload: path.join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
    stateFile: path.join(app.getPath('userData'), 'window.json'),
    withDevTools,
    place,
  })
  reloadAfterCrash(window)
  offerTextMenu(window.webContents)
  return window
}

/** Title bar, menus and dialogs are as dark or light as the page, and in its language. */
async function followSettings(studio: Studio): Promise<void> {
  const follow = ({ theme, language }: Settings): void => {
    nativeTheme.themeSource = theme
    speak(language)
  }
  follow(await studio.calls.settings())
  studio.subscribe({ settingsChanged: follow })
}
