import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type CDPSession, type Locator, type Page } from '@playwright/test'
import sharp from 'sharp'
import { imageMetadata } from '../../src/studio/metadata/imageMetadata.ts'
import { pngWithText } from '../../src/studio/metadata/pngText.ts'
import { imageFileName, imageName } from '../../src/studio/pictures/imageFiles.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { newImage } from '../../tests/studio/fixtures/pictures.ts'
import { findBrowser } from '../browser.ts'
import { buildIfStale } from '../build.ts'
import { longTasks, sayTasks } from './mainThread.ts'
import { nextPicture } from './nextPicture.ts'
import { median, row } from './report.ts'

/**
 * The window's budget, with the real server and engine: how soon it can be used after the server answered, what keeps its
 * main thread at the start and while a picture is made, what it takes from that picture's time, and whether its memory
 * grows while 500 pictures are looked at, one after the other, large. Nothing is asserted.
 */
const pictures = Number(process.argv[3] ?? 500)
const side = 512
/** Of the memory's figures the first is taken when code, fonts and caches of the viewer are there. */
const warm = 50
const visits = 5

buildIfStale()
const dataFolder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
await writePictures(dataFolder)
const studio = await openStudio({ dataFolder })
const server = await startServer({ studio })
const browser = await chromium.launch({ executablePath: findBrowser() })
try {
  console.log(`the window, ${pictures} pictures, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  const waits: Usable[] = []
  for (let visit = 0; visit < visits; visit++) waits.push(await visited())
  const middle = (of: (wait: Usable) => number): string => `${median(waits.map(of)).toFixed(0)} ms`
  row(
    'answer to the first paint',
    middle(({ painted }) => painted),
  )
  row(
    'answer to a window that can be used',
    `${middle(({ usable }) => usable)} (its main thread computed ${middle(({ processor }) => processor)}; target under 1500)`,
  )
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(120_000)
  const start = async (): Promise<void> => {
    await page.goto(server.address)
    await page.getByRole('button', { name: 'Generate', exact: true }).and(page.locator(':enabled')).waitFor()
  }
  row('tasks over 50 ms at the start', sayTasks(await longTasks(browser, page, start)))
  await reportTasks(page)
  await reportCost(page, start)
  await reportMemory(page, await page.context().newCDPSession(page))
  row('load of the machine, runnable threads', loadavg()[0].toFixed(1))
} finally {
  await browser.close()
  await server.close()
  await studio.close()
  await rm(dataFolder, { recursive: true, force: true })
}

/** Pictures of an earlier life, each with its own pixels. */
async function writePictures(folder: string): Promise<void> {
  for (let index = 0; index < pictures; index++) {
    const [jobId, createdAt] = [
      `0badcafe-0000-4000-8000-${String(index).padStart(12, '0')}`,
      1_760_000_000_000 + index * 1000,
    ]
    const id = imageName({ id: jobId, createdAt }, 0)
    const size = { width: side, height: side }
    const { request } = newImage(index)
    const { file, ...record } = newImage(index, {
      ...{ id, jobId, createdAt, ...size, file: imageFileName(id) },
      request: { ...request, ...size },
    })
    const background = { r: index % 256, g: (index >> 1) % 256, b: 128 }
    const png = await sharp({ create: { ...size, channels: 3, background } })
      .png()
      .toBuffer()
    const place = join(folder, 'images', file)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, pngWithText(png, imageMetadata(record)))
  }
}

/** Ms after the first byte of the page. */
interface Usable {
  painted: number
  usable: number
  /** Ms that the page's main thread computed until then. */
  processor: number
}

/** One visit of somebody who was never here: until the prompt is there and Generate can be pressed. */
async function visited(): Promise<Usable> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.addInitScript(() => {
    const look = (): void => {
      const generate = document.querySelector<HTMLButtonElement>('button.primary')
      if (document.querySelector('textarea') && generate && !generate.disabled) performance.mark('usable')
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  const browserTools = await context.newCDPSession(page)
  await browserTools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(server.address)
  await page.waitForFunction(() => performance.getEntriesByName('usable').length > 0)
  const { metrics } = await browserTools.send('Performance.getMetrics')
  const processor = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000
  const wait = await page.evaluate(() => {
    const [{ responseStart }] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const at = (name: string): number => performance.getEntriesByName(name)[0].startTime - responseStart
    return { painted: at('first-contentful-paint'), usable: at('usable') }
  })
  await context.close()
  return { ...wait, processor }
}

/** What keeps the main thread longer than 50 ms while a picture is drawn, previews and all. */
async function reportTasks(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a red fox on a hill at sunset')
  // The first opens the model, and the code of what shows it.
  for (const time of ['first', 'second']) {
    row(
      `tasks over 50 ms during the ${time} picture`,
      sayTasks(await longTasks(browser, page, () => nextPicture(page))),
    )
  }
}

/** What a window that looks on takes from a picture: the time of its steps over that without one, and the browser's own. */
async function reportCost(page: Page, open: () => Promise<void>): Promise<void> {
  const tools = await browser.newBrowserCDPSession()
  const computed = async (): Promise<number> => {
    const { processInfo } = await tools.send('SystemInfo.getProcessInfo')
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
  }
  const pairs: { ratio: number; browserMs: number }[] = []
  for (let seed = 1; seed <= visits; seed++) {
    await page.goto('about:blank')
    const alone = await denoiseMs(seed)
    await open()
    await page.waitForTimeout(1000)
    const before = await computed()
    const seen = await denoiseMs(seed)
    pairs.push({ ratio: seen / alone, browserMs: (await computed()) - before })
  }
  const ratio = median(pairs.map(({ ratio }) => ratio)).toFixed(3)
  const browserMs = median(pairs.map(({ browserMs }) => browserMs)).toFixed(0)
  row("a picture's steps before a window over without", `${ratio} (its browser computed ${browserMs} ms)`)
}

/** Ms that the steps of a picture take. */
async function denoiseMs(seed: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const unsubscribe = studio.subscribe({ imageAdded: ({ timings }) => resolve(timings.denoise) })
  await studio.calls.enqueue({ prompt: 'a red fox on a hill at sunset', seed })
  return promise.finally(unsubscribe)
}

/** Pictures are known by their number in time. */
function picture(page: Page, index: number): Locator {
  return page.getByRole('option', { name: `picture ${index}`, exact: true })
}

/** The heap after everything that is not needed was let go. */
async function reportMemory(page: Page, browserTools: CDPSession): Promise<void> {
  const heap = async (): Promise<number> => {
    await browserTools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await browserTools.send('Runtime.getHeapUsage')
    return usedSize / 2 ** 20
  }
  await page.getByRole('link', { name: 'Library' }).click()
  await picture(page, pictures - 1).dblclick()
  const shown = page.getByRole('dialog').locator('img').first()
  const look = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const before = await shown.getAttribute('src')
      await page.keyboard.press('ArrowRight')
      await page.waitForFunction((last) => {
        const image = document.querySelector<HTMLImageElement>('[role="dialog"] img')
        return image && image.getAttribute('src') !== last && image.complete
      }, before)
    }
  }
  await look(warm)
  const begin = await heap()
  await look(Math.floor((pictures - warm) / 2))
  const half = await heap()
  await look(pictures - warm - Math.floor((pictures - warm) / 2) - 1)
  const end = await heap()
  row(
    `heap after ${warm}, half and all pictures`,
    [begin, half, end].map((mib) => `${mib.toFixed(1)} MiB`).join(', '),
  )
  row('growth over the second half', (end / half).toFixed(3))
}
