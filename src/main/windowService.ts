import type { BrowserWindow } from 'electron'
import type { StudioEvents } from '../shared/calls/contract.ts'
import type { Remote } from '../shared/calls/rpc.ts'
import { serveChannel } from '../studio/server/serveChannel.ts'
import type { Studio } from '../studio/studio.ts'
import { takeIn } from './openWith.ts'
import { loadStudio } from './window.ts'
import { serveWindow } from './windowChannel.ts'
import type { Windows } from './windows.ts'

export interface WindowService {
  /** Shows the studio in a window: a given one, or another. */
  open(window?: BrowserWindow): Promise<void>
  /** Brings a window to the front; opens one where there is none. */
  show(): void
  /** Has the window in front show files that were opened with the program. */
  openFiles(files: readonly string[]): void
}

/**
 * Serves the studio to its windows, each over a channel of its own.
 * @param hold what holds up the closing of a window
 */
export function createWindowService(
  studio: Studio,
  windows: Windows,
  hold: (window: BrowserWindow) => void,
): WindowService {
  const clients = new Map<BrowserWindow, Remote<StudioEvents>>()
  let waiting: string[] = []

  /** The studio as one window has it. */
  const studioFor = (window: BrowserWindow): Studio => ({
    ...studio,
    calls: {
      ...studio.calls,
      async openedFiles() {
        if (windows.front() !== window) return []
        const files = waiting
        waiting = []
        return Promise.all(files.map((file) => takeIn(studio, file)))
      },
    },
  })

  async function open(window: BrowserWindow = windows.open()): Promise<void> {
    hold(window)
    serveWindow(window.webContents, (channel) => {
      clients.set(window, serveChannel(studioFor(window), channel))
    })
    window.once('closed', () => clients.delete(window))
    await loadStudio(window)
  }

  return {
    open,
    show() {
      const front = windows.front()
      if (front) windows.show()
      else void open()
    },
    openFiles(files) {
      waiting = [...waiting, ...files]
      const front = windows.front()
      // A page that is not connected yet asks when it is.
      if (front) void clients.get(front)?.filesOpened()
    },
  }
}
