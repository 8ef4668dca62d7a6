import { readFileSync } from 'node:fs'
import path from 'node:path'
import { chromium, type BrowserContext, type Frame, type Page } from '@playwright/test'
import { findBrowser } from '../../../scripts/browser.ts'
import { toMainUrl } from './session.ts'
import { tell } from './toTest.ts'

let opened: Promise<BrowserContext> | null = null
let firstIsTaken = false

/** Opens a page for a window, which runs the preload script first. */
export async function openPage(preload: string): Promise<Page> {
  const context = await (opened ??= openBrowser(preload))
  if (firstIsTaken) return context.newPage()
  firstIsTaken = true
  return context.pages()[0]
}

/** Opens the Chromium of all windows; tells the test where to reach it. */
async function openBrowser(preload: string): Promise<BrowserContext> {
  const folder = path.join(process.env.STAND_IN_FOLDER!, 'chromium')
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findBrowser(),
    args: ['--remote-debugging-port=0'],
    viewport: { width: 1280, height: 800 },
  })
  await context.addInitScript({ content: preloadRunner(readFileSync(preload, 'utf8')) })
  const [port] = readFileSync(path.join(folder, 'DevToolsActivePort'), 'utf8').split('\n')
  tell('page', `http://127.0.0.1:${port}`)
  return context
}

/** What Electron tells the main process of the frame that a message came from. */
export const describeFrame = (frame: Frame): { url: string; parent: unknown } => ({
  url: toMainUrl(frame.url()),
  parent: frame.parentFrame(),
})

/**
 * Runs a preload script in every main frame, as Electron does: as CommonJS, with an `electron` that has the context
 * bridge and the renderer's IPC. The bridge refuses what Electron's refuses: all but plain data and functions.
 */
function preloadRunner(source: string): string {
  return `if (window === window.top) {
    const listeners = {}
    window.hearFromMain = (channel, message) => (listeners[channel] ?? []).forEach((listener) => listener({}, message))
    const ipcRenderer = {
      send: (channel, message) => void window.sendToMain(channel, structuredClone(message)),
      on: (channel, listener) => void (listeners[channel] ??= []).push(listener),
    }
    ipcRenderer.once = ipcRenderer.on
    const bridge = (value) => {
      if (typeof value === 'function') return (...args) => bridge(value(...args.map(bridge)))
      if (typeof value !== 'object' || value === null) return value
      if (value instanceof Promise) return value.then(bridge)
      if (Object.values(value).some((part) => typeof part === 'function')) {
        return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, part]) => [name, bridge(part)])))
      }
      return structuredClone(value)
    }
    const contextBridge = {
      exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: bridge(api) }),
    }
    const require = (name) => {
      if (name === 'electron') return { contextBridge, ipcRenderer }
      throw new Error('a sandboxed preload script may not require ' + name)
    }
    ;((require, module, exports) => { ${source} })(require, { exports: {} }, {})
  }`
}
