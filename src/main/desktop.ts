import { nativeImage, shell, type BrowserWindow } from 'electron'
import type { Desktop } from '../studio/desktop.ts'

/** Side of the picture below the pointer while a file is dragged. */
const iconSide = 96

/** The system's file manager, and dragging out of the window. */
export const desktopOf = (window: () => BrowserWindow, canUpdate: boolean): Desktop => ({
  canUpdate,
  showInFolder: (path) => shell.showItemInFolder(path),
  startDrag(paths, icon) {
    const picture = nativeImage.createFromBuffer(icon).resize({ height: iconSide })
    window().webContents.startDrag({ file: paths[0], files: [...paths], icon: picture })
  },
})
