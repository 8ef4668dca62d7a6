import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { root } from '../../scripts/build.ts'

/** The built main process, running with the stand-in for Electron, and the page in its window. */
export interface RunningApp {
  page: Page
  /** The first thing of this name that the stand-in tells, or has told. */
  told(name: string): Promise<unknown>
  /** Forgets what was told under this name. */
  forget(name: string): void
  say(name: string, value?: unknown): void
  /** The exit code, once the process has ended. */
  ended: Promise<number | null>
  stop(): Promise<void>
}

interface Words {
  told: RunningApp['told']
  forget: RunningApp['forget']
}

/** Starts the app with an empty data folder and waits for its window. */
export async function startApp(): Promise<RunningApp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-window-'))
  const child = spawnApp(folder)
  const words = listen(child)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const browser = await connectTo(words, ended)
  await words.told('shown')
  return {
    ...words,
    page: browser.contexts()[0].pages()[0],
    say: (name, value) => void child.send({ name, value }),
    ended,
    async stop() {
      await browser.close().catch(() => {})
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Runs the app where another has the lock already, and answers its exit code. */
export async function startSecondApp(): Promise<number | null> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-second-'))
  const child = spawnApp(folder, { STAND_IN_IS_SECOND: 'yes' })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
  return code
}

function spawnApp(folder: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const register = new URL('./electronStandIn/register.ts', import.meta.url).href
  const env = {
    ...process.env,
    ...environment,
    STAND_IN_FOLDER: folder,
    LATENT_STUDIO_DATA: path.join(folder, 'data'),
  }
  return spawn(process.execPath, ['--import', register, path.join(root, 'out', 'main', 'start.js')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env,
  })
}

function listen(child: ChildProcess): Words {
  const values = new Map<string, unknown>()
  const waiting = new Map<string, (value: unknown) => void>()
  child.on('message', ({ name, value }: { name: string; value: unknown }) => {
    values.set(name, value)
    waiting.get(name)?.(value)
    waiting.delete(name)
  })
  return {
    told: (name) =>
      values.has(name)
        ? Promise.resolve(values.get(name))
        : new Promise((resolve) => waiting.set(name, resolve)),
    forget: (name) => void values.delete(name),
  }
}

async function connectTo(words: Words, ended: Promise<number | null>): Promise<Browser> {
  const failed = ended.then((code) => Promise.reject(new Error(`The app ended with code ${code}.`)))
  const address = await Promise.race([words.told('page'), failed])
  return chromium.connectOverCDP(String(address))
}
