// What the main process uses of Electron, with the same meaning, on a real Chromium page. What only a desktop has
// (dialogs, the menu, the system's browser) is told to the test that spawned this process, or asked of it.
import { EventEmitter } from 'node:events'
import { request, type RequestOptions } from 'node:http'
import { existsSync } from 'node:fs'
import { allWindows, BrowserWindow, isPrevented, onAllClosed } from './browserWindow.ts'
import { protocol, session } from './session.ts'
import { ask, hear, tell } from './toTest.ts'

export { BrowserWindow, protocol, session }

class App extends EventEmitter {
  readonly isPackaged = process.env.STAND_IN_RESOURCES !== undefined
  #folder = process.env.STAND_IN_FOLDER!
  #quitting = false

  requestSingleInstanceLock(): boolean {
    return process.env.STAND_IN_IS_SECOND !== 'yes'
  }

  async whenReady(): Promise<void> {}

  setPath(name: 'userData' | 'crashDumps', folder: string): void {
    if (!existsSync(folder)) throw new Error('Failed to set path')
    if (name === 'userData') this.#folder = folder
  }

  getName = (): string => 'latent-studio'
  getAppPath = (): string => this.#folder

  getPath(_name: 'userData'): string {
    return this.#folder
  }

  getPreferredSystemLanguages(): string[] {
    return [process.env.STAND_IN_LOCALE ?? 'en-GB']
  }

  getVersion(): string {
    return '0.0.0'
  }

  setAboutPanelOptions(): void {}

  /** As Electron does: asks everyone by events that may refuse, then closes the windows, then ends. */
  quit(): void {
    if (this.#quitting || isPrevented(this, 'before-quit')) return
    this.#quitting = true
    for (const window of allWindows()) window.close()
    this.#quitting = false
    if (allWindows().length === 0) this.exit(0)
  }

  exit(code = 0): void {
    this.emit('quit', {}, code)
    tell('ended', code)
    process.exit(code)
  }
}

export const app = new App()
// Electron ends an app without windows, unless somebody listens.
onAllClosed(() => void (app.emit('window-all-closed') || app.quit()))

export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColors: true,
  themeSource: 'system',
})

interface Area {
  x: number
  y: number
  width: number
  height: number
}

class Screen extends EventEmitter {
  #area: Area = { x: 0, y: 0, width: 1920, height: 1080 }

  getDisplayMatching = (): { workArea: Area } => ({ workArea: this.#area })
  getAllDisplays = (): { bounds: Area }[] => [{ bounds: this.#area }]

  /** Another screen takes the place of the one there is. */
  become(area: Area): void {
    this.#area = area
    this.emit('display-metrics-changed')
  }
}
export const screen = new Screen()
hear('screen', (area) => screen.become(area as Area))

/** What the system would show in a corner of the screen. */
export class Notification extends EventEmitter {
  readonly #words: { title: string; body: string }

  constructor(words: { title: string; body: string }) {
    super()
    this.#words = words
  }

  static isSupported = (): boolean => true

  show(): void {
    hear('notification', () => this.emit('click'))
    tell('notification', this.#words)
  }

  close(): void {}
}

/** What a packaged app has beside it. */
if (process.env.STAND_IN_RESOURCES)
  Object.defineProperty(process, 'resourcesPath', { value: process.env.STAND_IN_RESOURCES })

export const autoUpdater = new EventEmitter()
export const net = { request: (options: RequestOptions) => request(options) }

export const crashReporter = {
  start: (options: unknown): void => tell('crash reporter', options),
}

/** A keychain whose key is no secret; STAND_IN_KEYCHAIN names another backend. */
const masked = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x5a))
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => process.env.STAND_IN_KEYCHAIN ?? 'gnome_libsecret',
  encryptStringAsync: async (text: string) => masked(Buffer.from(text)),
  decryptStringAsync: async (bytes: Buffer) => ({ result: String(masked(bytes)), shouldReEncrypt: false }),
}

interface MenuItem {
  label?: string
  role?: string
  click?: () => void
  submenu?: MenuItem[]
}

export const Menu = {
  buildFromTemplate: (items: MenuItem[]) => items,
  setApplicationMenu(items: MenuItem[]): void {
    const all = items.flatMap((item) => item.submenu ?? [])
    tell(
      'menu roles',
      all.flatMap(({ role }) => role ?? []),
    )
    tell('menu', items)
    hear('menu', (label) => all.find((item) => item.label === label)?.click?.())
  },
}

export const dialog = {
  showMessageBox: async (...args: unknown[]) => ({ response: await ask('question', args.at(-1)) }),
  showOpenDialog: async (...args: unknown[]) => ({ filePaths: await ask('folder', args.at(-1)) }),
  showErrorBox: (title: string, content: string) => tell('failure', { title, content }),
}

export const shell = {
  openExternal: async (url: string) => tell('openExternal', url),
  openPath: async (folder: string) => tell('openPath', folder),
  showItemInFolder: (file: string) => tell('showItemInFolder', file),
}

export const nativeImage = {
  createFromBuffer: (bytes: Buffer) => ({ resize: () => bytes.length }),
}

hear('second-instance', (value) => {
  const { commandLine, folder } = value as { commandLine: string[]; folder: string }
  app.emit('second-instance', {}, commandLine, folder)
})
hear('open file', (file) => app.emit('open-file', { preventDefault: () => {} }, file))
hear('quit', () => app.quit())
hear('reject', (message) => void Promise.reject(new Error(String(message))))
hear('throw', (message) => {
  throw new Error(String(message))
})
