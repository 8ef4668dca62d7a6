import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { root } from '../../scripts/build.ts'

/** The built main process, running with the stand-in for Electron, and the page in its window. */
export interface RunningApp {
  page: Page
  /** The next thing of this name that the stand-in tells, or has told; each is handed out once. */
  told(name: string): Promise<unknown>
  /** Calls the studio as the page does: by a message over the channel that the preload script exposes. */
  call<Result>(name: string, ...args: unknown[]): Promise<Result>
  say(name: string, value?: unknown): void
  /** The exit code, once the process has ended. */
  ended: Promise<number | null>
  stop(): Promise<void>
}

/** Starts the app, with an empty data folder where none is given, and waits for its window. */
export async function startApp(
  dataFolder?: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<RunningApp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-window-'))
  const where = dataFolder === undefined ? {} : { LATENT_STUDIO_DATA: dataFolder }
  const child = spawnApp(folder, { ...where, ...environment })
  const told = listen(child)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const browser = await connectTo(told, ended)
  await told('shown')
  const page = browser.contexts()[0].pages()[0]
  return {
    told,
    async call(name, ...args) {
      await studioIn(page)
      return call(page, name, args)
    },
    page,
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

/** Runs the app where it ends by itself before it shows a window. */
export async function runToEnd(environment: NodeJS.ProcessEnv): Promise<{
  code: number | null
  told: RunningApp['told']
}> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-window-'))
  const child = spawnApp(folder, environment)
  const told = listen(child)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  rmSync(folder, { recursive: true, force: true })
  return { code, told }
}

function spawnApp(folder: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const register = new URL('./electronStandIn/register.ts', import.meta.url).href
  const LATENT_STUDIO_DATA = path.join(folder, 'data')
  const env = { ...process.env, STAND_IN_FOLDER: folder, LATENT_STUDIO_DATA, ...environment }
  return spawn(process.execPath, ['--import', register, path.join(root, 'out', 'main', 'start.js')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env,
  })
}

function listen(child: ChildProcess): RunningApp['told'] {
  const told = new Map<string, unknown[]>()
  const waiting = new Map<string, (value: unknown) => void>()
  child.on('message', ({ name, value }: { name: string; value: unknown }) => {
    const resolve = waiting.get(name)
    waiting.delete(name)
    if (resolve) resolve(value)
    else told.set(name, [...(told.get(name) ?? []), value])
  })
  return (name) => {
    const values = told.get(name) ?? []
    return values.length > 0
      ? Promise.resolve(values.shift())
      : new Promise((resolve) => waiting.set(name, resolve))
  }
}

async function connectTo(told: RunningApp['told'], ended: Promise<number | null>): Promise<Browser> {
  const failed = ended.then((code) => Promise.reject(new Error(`The app ended with code ${code}.`)))
  const address = await Promise.race([told('page'), failed])
  return chromium.connectOverCDP(String(address))
}

/** Waits for the studio in the window, in whose place a sentence stands while a busy machine opens it. */
const studioIn = (page: Page): Promise<void> =>
  page.waitForURL(({ protocol }) => !['about:', 'data:'].includes(protocol))

/** The channel as a page finds it. */
interface PageWindow {
  latentStudio: { post(message: unknown): void; onMessage(listener: (message: unknown) => void): void }
}

function call<Result>(page: Page, name: string, args: unknown[]): Promise<Result> {
  return page.evaluate(
    ([name, args]) =>
      new Promise<Result>((resolve, reject) => {
        const id = crypto.randomUUID()
        const { latentStudio } = window as unknown as PageWindow
        latentStudio.onMessage((message) => {
          const answer = message as { i: string; r: Result; e?: unknown }
          if (answer.i !== id) return
          if (answer.e) reject(new Error(JSON.stringify(answer.e)))
          else resolve(answer.r)
        })
        latentStudio.post({ t: 'q', i: id, m: name, a: args })
      }),
    [name, args] as const,
  )
}

/** Posts a message that asks for no answer. */
export function post(page: Page, name: string, args: unknown[]): Promise<void> {
  return page.evaluate(
    ([name, args]) => (window as unknown as PageWindow).latentStudio.post({ t: 'q', m: name, a: args }),
    [name, args] as const,
  )
}
