import { readFileSync, writeFileSync } from 'node:fs'
import { screen, type BrowserWindow, type Rectangle } from 'electron'

interface WindowState {
  bounds: Rectangle
  maximized: boolean
}

const defaultSize = { width: 1280, height: 800 }

/** Where the window stood when it was last closed; the default size where that is unknown or off every screen. */
export function readWindowState(file: string): Partial<Rectangle> & { maximized: boolean } {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(file, 'utf8')) as WindowState
    return { ...(isOnScreen(bounds) ? bounds : defaultSize), maximized }
  } catch {
    return { ...defaultSize, maximized: false }
  }
}

export function saveWindowState(file: string, window: BrowserWindow): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch {
    // A full or read-only disk: the window opens at its default place the next time.
  }
}

function isOnScreen({ x, y, width, height }: Rectangle): boolean {
  const { workArea } = screen.getDisplayMatching({ x, y, width, height })
  const overlapX = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x)
  const overlapY = Math.min(y + height, workArea.y + workArea.height) - Math.max(y, workArea.y)
  return overlapX >= 100 && overlapY >= 100
}
