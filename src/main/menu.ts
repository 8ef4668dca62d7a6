import { app, Menu, shell, type MenuItemConstructorOptions, type WebContents } from 'electron'
import { noticesFile } from '../studio/paths.ts'

/** Sets the application's menu. The page has its own controls: here is what systems expect, and the data folder. */
export function setMenu({
  dataFolder,
  withDevTools,
  openWindow,
}: {
  dataFolder: string
  withDevTools: boolean
  openWindow: () => void
}): void {
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      { label: 'New Window', accelerator: 'CmdOrCtrl+N', click: openWindow },
      { role: 'close' },
      { type: 'separator' },
      { label: 'Open Data Folder', click: () => void shell.openPath(dataFolder) },
      { type: 'separator' },
      { role: 'quit' },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { role: 'reload' },
      ...(withDevTools ? [{ role: 'toggleDevTools' } as const] : []),
    ],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [{ label: 'Third-Party Licences', click: () => void shell.openPath(noticesFile) }],
  }
  const appMenu: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  Menu.setApplicationMenu(Menu.buildFromTemplate([...appMenu, file, { role: 'editMenu' }, view, help]))
  app.setAboutPanelOptions({ applicationName: 'Latent Studio', applicationVersion: app.getVersion() })
}

/** Gives text a menu on right click. */
export function offerTextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, selectionText }) => {
    const roles: MenuItemConstructorOptions['role'][] = isEditable
      ? ['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll']
      : ['copy']
    if (isEditable || selectionText) Menu.buildFromTemplate(roles.map((role) => ({ role }))).popup()
  })
}
