import { BrowserWindow, type BrowserWindowConstructorOptions } from 'electron'
import { bringToFront } from './window.ts'

/** The windows of the studio: several, one, or none. */
export interface Windows {
  all(): BrowserWindow[]
  /** The one that was looked at last; undefined: there is none. */
  front(): BrowserWindow | undefined
  /** Another one, a little beside the one in front. */
  open(): BrowserWindow
  /** Brings the one in front before the eyes. */
  show(): void
}

type Place = Pick<BrowserWindowConstructorOptions, 'x' | 'y'>

const shift = 24

/** @param create opens a window, at a place where one is given */
export function createWindows(create: (place: Place) => BrowserWindow): Windows {
  let last: BrowserWindow | undefined

  const front = (): BrowserWindow | undefined =>
    last && !last.isDestroyed() ? last : BrowserWindow.getAllWindows()[0]

  function open(): BrowserWindow {
    const beside = front()?.getNormalBounds()
    const window = create(beside ? { x: beside.x + shift, y: beside.y + shift } : {})
    last = window
    window.on('focus', () => (last = window))
    return window
  }

  return {
    all: () => BrowserWindow.getAllWindows(),
    front,
    open,
    show() {
      const window = front()
      if (window) bringToFront(window)
    },
  }
}
