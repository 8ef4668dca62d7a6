// npm start: builds what is stale and opens the studio, as a window where Electron can show one, else in a browser.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildIfStale, builtServer, root } from './build.ts'
import { electronBinary, electronInstaller } from './electron.ts'

const args = process.argv.slice(2)

buildIfStale()
const obstacle = whyNoWindow() ?? (await openWindow())
if (obstacle) {
  process.stdout.write(`${obstacle} Latent Studio opens in a browser instead.\n`)
  await serve()
}

/** Why there can be no window here, or undefined when there can be one. */
function whyNoWindow(): string | undefined {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return 'There is no display.'
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'Electron does not run as root.'
  return electronBinary() || fetchElectron() ? undefined : 'Electron could not be fetched.'
}

const longestFetch = 5 * 60_000

function fetchElectron(): boolean {
  process.stderr.write('Fetching Electron (once; about 100 MB) …\n')
  spawnSync(process.execPath, [electronInstaller], { stdio: 'ignore', timeout: longestFetch })
  return electronBinary() !== undefined
}

/** A window that ends with a failure this soon never was one. */
const soonest = 10_000

/** Opens the window and waits for its end; answers what went wrong when it could not be opened. */
async function openWindow(): Promise<string | undefined> {
  const began = Date.now()
  const code = await end(spawn(electronBinary()!, [root, ...args], { stdio: 'inherit' }))
  if (code !== 0 && Date.now() - began < soonest) return `Electron could not start (exit code ${code}).`
  process.exitCode = code
  return undefined
}

/** Serves the studio on the loopback address, prints that, and opens it in a browser if there is one. */
async function serve(): Promise<void> {
  const server = spawn(process.execPath, [builtServer, ...args], { stdio: ['inherit', 'pipe', 'inherit'] })
  // Readable by its owner alone.
  const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-'))
  server.stdout.once('data', (line: Buffer) => {
    const address = /http:\/\/\S+/.exec(line.toString())?.[0]
    if (address) openBrowser(writeRedirection(folder, address))
  })
  server.stdout.pipe(process.stdout)
  process.exitCode = await end(server)
  rmSync(folder, { recursive: true, force: true })
}

/**
 * Writes a page that leads to an address, and answers its path. The address lets in who has it, and everybody on a
 * machine can read the arguments of a program, so a browser is given this file instead.
 */
function writeRedirection(folder: string, address: string): string {
  const file = path.join(folder, 'Latent Studio.html')
  const page = `<!doctype html><meta http-equiv="refresh" content="0; url=${address}"><title>Latent Studio</title>\n`
  writeFileSync(file, page, { mode: 0o600, flag: 'wx' })
  return file
}

function openBrowser(file: string): void {
  const openers: Partial<Record<NodeJS.Platform, string[]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  }
  const [program, ...first] = openers[process.platform] ?? ['xdg-open']
  const opener = spawn(program, [...first, file], { stdio: 'ignore', detached: true })
  // No browser: the address on the screen is enough.
  opener.on('error', () => {})
  opener.unref()
}

/** Waits for the end of a child, which hears Ctrl+C by itself and every other request to stop from here. */
function end(child: ChildProcess): Promise<number> {
  const stop = (): void => void child.kill('SIGTERM')
  const ignore = (): void => {}
  process.on('SIGINT', ignore).on('SIGTERM', stop).on('SIGHUP', stop)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGINT', ignore).off('SIGTERM', stop).off('SIGHUP', stop)
      resolve(code ?? 1)
    })
  })
}
