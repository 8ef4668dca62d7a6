import { EventEmitter } from 'node:events'
import type { Page, Route } from '@playwright/test'
import { describeFrame, openPage } from './page.ts'
import { answerRoute, toMainUrl, toPageUrl } from './session.ts'
import { hear, tell } from './toTest.ts'

const windows = new Set<BrowserWindow>()
export const allWindows = (): BrowserWindow[] => [...windows]

interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

let isLookedAway = false
hear('look away', (away) => (isLookedAway = Boolean(away)))

/** What the app does once no window is left. */
let whenAllClosed = (): void => {}
export const onAllClosed = (listener: () => void): void => void (whenAllClosed = listener)

interface Options extends Partial<Bounds> {
  webPreferences: { preload: string }
  [option: string]: unknown
}

/** A window whose page is a real Chromium page; the test that spawned this process drives the same page. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents
  #bounds: Bounds
  #maximized = false

  static getAllWindows = (): BrowserWindow[] => allWindows()
  /** The one in front, unless the person looks at another program. */
  static getFocusedWindow = (): BrowserWindow | null => (isLookedAway ? null : (allWindows().at(-1) ?? null))

  constructor(options: Options) {
    super()
    const { x = 0, y = 0, width = 0, height = 0 } = options
    this.#bounds = { x, y, width, height }
    this.webContents = new WebContents(openPage(options.webPreferences.preload))
    windows.add(this)
    // Playwright leaves a page for good whose process has ended, so the test says when that is.
    hear('crash', (reason) => this.webContents.emit('render-process-gone', {}, { reason }))
    hear('load', (url) => void this.webContents.load(String(url)))
    hear('close', () => this.close())
    tell('window', options)
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url)
    this.emit('ready-to-show')
  }

  close(): void {
    if (!isPrevented(this, 'close')) this.destroy()
  }

  destroy(): void {
    windows.delete(this)
    this.webContents.emit('destroyed')
    this.emit('closed')
    tell('closed')
    if (windows.size === 0) whenAllClosed()
  }

  show = (): void => tell('shown')
  focus = (): void => tell('focused')
  isMinimized = (): boolean => false
  isDestroyed = (): boolean => !windows.has(this)
  isMaximized = (): boolean => this.#maximized
  maximize = (): void => void (this.#maximized = true)

  setProgressBar = (fraction: number): void => tell('progress', fraction)
  setBackgroundColor = (color: string): void => tell('background', color)
  getNormalBounds = (): Bounds => this.#bounds

  setBounds(bounds: Bounds): void {
    this.#bounds = bounds
    tell('bounds', bounds)
  }
}

type WindowOpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' }

class WebContents extends EventEmitter {
  readonly ipc = new EventEmitter()
  readonly #page: Promise<Page>
  #loading = ''
  #destroyed = false
  #openHandler: WindowOpenHandler = () => ({ action: 'allow' })

  constructor(opened: Promise<Page>) {
    super()
    this.once('destroyed', () => (this.#destroyed = true))
    this.#page = opened.then(async (page) => {
      await page.exposeBinding('sendToMain', ({ frame }, channel: string, message: unknown) => {
        this.ipc.emit(channel, { senderFrame: describeFrame(frame) }, message)
      })
      pages.set(page, this)
      if (pages.size === 1) await page.context().route('**/*', (route) => routeOf(route, this))
      page.on('framenavigated', (frame) => {
        if (frame === page.mainFrame()) this.emit('did-navigate')
      })
      return page
    })
  }

  reload(): void {
    tell('reloaded')
    void this.load(this.#loading)
  }

  async load(url: string): Promise<void> {
    this.#loading = url
    // However long a busy machine takes.
    await (await this.#page).goto(toPageUrl(url), { timeout: 0 })
  }

  send(channel: string, message: unknown): void {
    const hear = `hearFromMain(${JSON.stringify(channel)}, ${JSON.stringify(message)})`
    void this.#page.then((page) =>
      page.evaluate(hear).catch((error: Error) => {
        // A page that is going away hears no more.
        if (!/closed|destroyed/.test(error.message)) throw error
      }),
    )
  }

  startDrag = (item: { files: string[] }): void => tell('dragged', item.files)
  isDestroyed = (): boolean => this.#destroyed
  setWindowOpenHandler = (handler: WindowOpenHandler): void => void (this.#openHandler = handler)

  /** Every request of every page: navigations and new windows are asked about first, as in Electron. */
  async route(route: Route, isOfNewWindow: boolean): Promise<void> {
    const request = route.request()
    const url = toMainUrl(request.url())
    if (!request.isNavigationRequest()) return answerRoute(route)
    if (isOfNewWindow) {
      const { action } = this.#openHandler({ url })
      tell('windowOpened', { url, action })
      return stay(route)
    }
    const isAskedFor = url === this.#loading
    if (!isAskedFor && isPrevented(this, 'will-frame-navigate', { url })) {
      tell('navigationRefused', url)
      return stay(route)
    }
    return answerRoute(route)
  }
}

/** An answer without content leaves a page as it is. */
const stay = (route: Route): Promise<void> => route.fulfill({ status: 204 })

const pages = new Map<Page, WebContents>()

/** Hands a request to the window whose page asks; one of a page that no window has is asked of the first. */
function routeOf(route: Route, first: WebContents): Promise<void> {
  const asking = windowOf(route)
  return (asking ?? first).route(route, asking === undefined)
}

/** Playwright knows no frame yet for the first request of a new window. */
function windowOf(route: Route): WebContents | undefined {
  try {
    return pages.get(route.request().frame().page())
  } catch {
    return undefined
  }
}

/** Emits an event that listeners can refuse, and answers whether one did. */
export function isPrevented(emitter: EventEmitter, name: string, details: object = {}): boolean {
  let prevented = false
  emitter.emit(name, { ...details, preventDefault: () => (prevented = true) })
  return prevented
}
