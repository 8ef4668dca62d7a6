import { app, Menu, shell, type MenuItemConstructorOptions, type WebContents } from 'electron'
import { noticesFile } from '../studio/paths.ts'
import { words } from './words.ts'

type Item = MenuItemConstructorOptions
const separator: Item = { type: 'separator' }
const onMac = process.platform === 'darwin'

/** A command of the system, by its name in the shell's language. */
function command(role: NonNullable<Item['role']>): Item {
  const label = words().roles[role]
  return label === undefined ? { role } : { role, label }
}

/**
 * Sets the application's menu, in the shell's language. The page has its own controls: here is what systems expect, and the
 * data folder.
 */
export function setMenu({
  dataFolder,
  withDevTools,
  openWindow,
}: {
  dataFolder: string
  withDevTools: boolean
  openWindow: () => void
}): void {
  const { menu } = words()
  const file: Item[] = [
    { label: menu.newWindow, accelerator: 'CmdOrCtrl+N', click: openWindow },
    command('close'),
    separator,
    { label: menu.openDataFolder, click: () => void shell.openPath(dataFolder) },
    ...(onMac ? [] : [separator, command('quit')]),
  ]
  const edit = [
    ...[command('undo'), command('redo'), separator, command('cut'), command('copy'), command('paste')],
    ...(onMac ? [command('pasteAndMatchStyle')] : []),
    ...[command('delete'), command('selectAll')],
  ]
  const view = [
    ...[command('resetZoom'), command('zoomIn'), command('zoomOut'), separator],
    ...[command('togglefullscreen'), command('reload')],
    ...(withDevTools ? [command('toggleDevTools')] : []),
  ]
  const help: Item[] = [{ label: menu.licences, click: () => void shell.openPath(noticesFile) }]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(onMac ? [{ label: app.name, submenu: ofProgram() }] : []),
      { label: menu.file, submenu: file },
      { label: menu.edit, submenu: edit },
      { label: menu.view, submenu: view },
      { role: 'help', label: menu.help, submenu: help },
    ]),
  )
  app.setAboutPanelOptions({ applicationName: 'Latent Studio', applicationVersion: app.getVersion() })
}

/** What a Mac has in the menu that bears the program's name. */
const ofProgram = (): Item[] => [
  ...[command('about'), separator, command('services'), separator],
  ...[command('hide'), command('hideOthers'), command('unhide'), separator, command('quit')],
]

/** Gives text a menu on right click. */
export function offerTextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, selectionText }) => {
    const roles = isEditable
      ? (['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'] as const)
      : (['copy'] as const)
    if (isEditable || selectionText) Menu.buildFromTemplate(roles.map(command)).popup()
  })
}
