import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type Page } from '@playwright/test'
import type { Timings } from '../../src/shared/library/history.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { findBrowser } from '../browser.ts'
import { buildIfStale, root } from '../build.ts'
import { nextPicture } from './nextPicture.ts'
import { median, row, seconds } from './report.ts'

/**
 * From nothing to a picture: `npm run serve` on a new data folder, the window in a browser that is open already, a prompt
 * typed at once and Generate, with what of that time the engine says went where. Each run has a process and a folder of its own; the window was built before. `-- start 5` is
 * five runs. Nothing is asserted.
 */
const runs = Number(process.argv[3] ?? 3)
const prompt = 'a red fox on a hill at sunset'
/** Ms between keys: somebody who types well. */
const keys = 80

/** Ms from Generate to a picture on the canvas, and what the engine tells of them. */
interface Made extends Pick<Timings, 'textEncode' | 'denoise' | 'decode'> {
  picture: number
  /** Asking, opening what is not open yet, saving and showing. */
  rest: number
}

interface Start {
  served: number
  painted: number
  usable: number
  /** The first picture, and the same once more. */
  first: Made
  again: Made
}

buildIfStale()
const browser = await chromium.launch({ executablePath: findBrowser() })
const starts: Start[] = []
try {
  for (let run = 0; run < runs; run++) starts.push(await start(browser))
} finally {
  await browser.close()
}
const { scripts, packed } = await bundle()
const middle = (of: (one: Start) => number): string => seconds(median(starts.map(of)))
const parts = (which: 'first' | 'again'): string =>
  (['textEncode', 'denoise', 'decode', 'rest'] as const)
    .map((part) => `${part} ${middle((one) => one[which][part])}`)
    .join(', ')
console.log(`starter, 20 steps, ${cpus().length} × ${cpus()[0]?.model.trim()}, median of ${runs}`)
row(
  'command to address',
  middle(({ served }) => served),
)
row('address to first paint', `${middle(({ painted }) => painted)} (target under 1.50 s)`)
row(
  'address to a prompt that can be typed',
  middle(({ usable }) => usable),
)
row(
  'Generate to the first picture, all cold',
  `${middle(({ first }) => first.picture)} (target under 3.00 s)`,
)
row('', parts('first'))
row(
  'the same once more',
  middle(({ again }) => again.picture),
)
row('', parts('again'))
row('scripts of the window', `${(scripts / 1024).toFixed(0)} KiB, ${(packed / 1024).toFixed(0)} KiB packed`)
row('load of the machine, runnable threads', loadavg()[0].toFixed(1))

async function start(browser: Browser): Promise<Start> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
  try {
    const { waits, ...window } = await drawTwice(browser, dataFolder)
    const timings = await timingsIn(dataFolder)
    const [first, again] = waits.map((wait, index) => partsOf(wait, timings[index]))
    return { ...window, first, again }
  } finally {
    await rm(dataFolder, { recursive: true, force: true })
  }
}

/** Ms, of both pictures from Generate on. */
async function drawTwice(browser: Browser, dataFolder: string) {
  const began = performance.now()
  const server = spawn(
    process.execPath,
    [join(root, 'scripts/serve.ts'), '--data', dataFolder, '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string]
    const address = /http\S+/.exec(line)?.[0] ?? line
    const served = performance.now() - began
    const page = await context.newPage()
    const opened = performance.now()
    await page.goto(address)
    const field = page.getByRole('textbox', { name: 'Prompt', exact: true })
    await field.click()
    const usable = performance.now() - opened
    const painted = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    )
    await field.pressSequentially(prompt, { delay: keys })
    return { served, painted, usable, waits: [await made(page), await made(page)] }
  } finally {
    await context.close()
    await ended(server)
  }
}

/** Those of the pictures in a data folder, the oldest first. */
async function timingsIn(dataFolder: string): Promise<Timings[]> {
  const studio = await openStudio({ dataFolder })
  try {
    const { items } = await studio.calls.history({})
    return items.map(({ timings }) => timings).toReversed()
  } finally {
    await studio.close()
  }
}

function partsOf(picture: number, { textEncode, denoise, decode }: Timings): Made {
  return { picture, textEncode, denoise, decode, rest: picture - textEncode - denoise - decode }
}

/** Ms from Generate to a picture that was not there before. */
async function made(page: Page): Promise<number> {
  const asked = performance.now()
  await nextPicture(page)
  return performance.now() - asked
}

async function ended(server: ChildProcess): Promise<void> {
  const end = once(server, 'exit')
  server.kill('SIGTERM')
  await end
}

/** Bytes of the scripts that the first page asks for, and packed as a server would send them. */
async function bundle(): Promise<{ scripts: number; packed: number }> {
  const folder = join(root, 'out/renderer/assets')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  const packed = names.map((name) => gzipSync(readFileSync(join(folder, name))).length)
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  return { scripts: sum(sizes), packed: sum(packed) }
}
