import { readFileSync, writeFileSync } from 'node:fs'
import { screen, type BrowserWindow, type Rectangle } from 'electron'

interface WindowState {
  bounds: Rectangle
  maximized: boolean
}

/** Where the window stood last, for every set of screens it stood on. */
interface Kept {
  screens: Record<string, WindowState>
}

const defaultSize = { width: 1280, height: 800 }
/** Sets of screens that are remembered. */
const mostSets = 20

/** Where the window stood when it was last closed on the screens there are now, or else on others; the default size where nothing is known. */
export function readWindowState(file: string): Partial<Rectangle> & { maximized: boolean } {
  const { screens } = read(file)
  const state = screens[screensNow()] ?? Object.values(screens).at(-1)
  if (!state) return { ...defaultSize, maximized: false }
  return { ...state.bounds, maximized: state.maximized }
}

export function saveWindowState(file: string, window: BrowserWindow): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() }
  const now = screensNow()
  const others = Object.entries(read(file).screens).filter(([screens]) => screens !== now)
  const sets: [string, WindowState][] = [...others, [now, state]]
  const kept: Kept = { screens: Object.fromEntries(sets.slice(-mostSets)) }
  try {
    writeFileSync(file, JSON.stringify(kept))
  } catch {
    // A full or read-only disk: the window opens at its default place the next time.
  }
}

/** Brings a window back to where it can be seen when a screen goes or gets smaller. */
export function stayOnScreen(window: BrowserWindow): void {
  const draw = (): void => {
    if (!window.isDestroyed() && !window.isMaximized())
      window.setBounds(withinScreen(window.getNormalBounds()))
  }
  const events = ['display-removed', 'display-metrics-changed'] as const
  for (const event of events) screen.on(event as 'display-removed', draw)
  window.once('closed', () => events.forEach((event) => screen.off(event as 'display-removed', draw)))
}

/** A rectangle moved, and made smaller, so that all of it lies on the screen it is nearest to. */
export function withinScreen(bounds: Rectangle): Rectangle {
  const { workArea } = screen.getDisplayMatching(bounds)
  const width = Math.min(bounds.width, workArea.width)
  const height = Math.min(bounds.height, workArea.height)
  const within = (at: number, length: number, from: number, room: number): number =>
    Math.max(from, Math.min(at, from + room - length))
  return {
    x: within(bounds.x, width, workArea.x, workArea.width),
    y: within(bounds.y, height, workArea.y, workArea.height),
    width,
    height,
  }
}

/** The screens there are, by where and how large they are. */
const screensNow = (): string =>
  screen
    .getAllDisplays()
    .map(({ bounds: { x, y, width, height } }) => `${x},${y},${width}x${height}`)
    .sort()
    .join(' ')

function read(file: string): Kept {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept> & WindowState
    // Older versions knew one place.
    const screens = kept.screens ?? { '': kept }
    return { screens: Object.fromEntries(Object.entries(screens).filter(([, state]) => isState(state))) }
  } catch {
    return { screens: {} }
  }
}

const isState = ({ bounds }: WindowState): boolean =>
  [bounds.x, bounds.y, bounds.width, bounds.height].every(Number.isFinite)
