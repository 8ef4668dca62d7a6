import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Locator, type Page } from '@playwright/test'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { writeManyPictures } from '../../tests/studio/fixtures/manyPictures.ts'
import { findBrowser } from '../browser.ts'
import { buildIfStale } from '../build.ts'
import { longTasks, sayTasks } from './mainThread.ts'
import { row } from './report.ts'

/**
 * The library of many pictures in a real browser, scrolled by the wheel, by dragging the scroll bar and by keys: how long a
 * cell in view stays blank at most, and what keeps the page's main thread. Nothing is asserted.
 */
const pictures = Number(process.argv[3] ?? 200_000)
const blankTarget = 150

buildIfStale()
const dataFolder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
await writeManyPictures(dataFolder, pictures)
const studio = await openStudio({ dataFolder })
const server = await startServer({ studio })
const browser = await chromium.launch({ executablePath: findBrowser() })
try {
  console.log(`the library, ${pictures} pictures, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(120_000)
  await page.goto(server.address)
  await page.getByRole('button', { name: 'Generate', exact: true }).and(page.locator(':enabled')).waitFor()
  await report(page, 'opened', async () => {
    await page.getByRole('link', { name: 'Library' }).click()
    await picture(page, pictures - 1).waitFor()
  })
  await page.mouse.move(640, 400)
  await report(page, 'by the wheel, 3 s', () => wheel(page, 3000))
  await report(page, 'the bar dragged to the far end, 2 s', () => drag(page, 1, 2000))
  await report(page, 'the bar dragged back to the middle, 2 s', () => drag(page, 0.5, 2000))
  // The cell that has the keys is there, wherever one has scrolled; its picture is not.
  const tabStop = page.getByRole('listbox', { name: 'Pictures' }).locator('[role="option"][tabindex="0"]')
  await tabStop.evaluate((cell) => (cell as HTMLElement).focus({ preventScroll: true }))
  for (const key of ['End', 'Home', 'End']) {
    await report(page, key, async () => {
      await page.keyboard.press(key)
      await picture(page, key === 'End' ? 0 : pictures - 1).waitFor()
    })
  }
  row('load of the machine, runnable threads', loadavg()[0].toFixed(1))
} finally {
  await browser.close()
  await server.close()
  await studio.close()
  await rm(dataFolder, { recursive: true, force: true })
}

/** Pictures are known by their number in time. */
function picture(page: Page, number: number): Locator {
  return page.getByRole('option', { name: `picture ${number}`, exact: true })
}

async function report(page: Page, what: string, work: () => Promise<unknown>): Promise<void> {
  let blank = 0
  const tasks = await longTasks(browser, page, async () => (blank = await longestBlank(page, work)))
  row(`${what}: longest blank cell`, `${blank.toFixed(0)} ms (target ${blankTarget} ms)`)
  row(`${what}: tasks over 50 ms`, sayTasks(tasks))
}

/** Ms that a cell in view had no picture, the longest, seen in every frame until all have theirs. */
async function longestBlank(page: Page, work: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    const since = new Map<string, number>()
    const watch = { longest: 0, waiting: 0, isOver: false }
    Object.assign(window, { watch })
    const look = (now: number): void => {
      const room = document.querySelector('[role="listbox"][aria-label="Pictures"]')?.parentElement
      const [top, bottom] = room
        ? [room.getBoundingClientRect().top, room.getBoundingClientRect().bottom]
        : [0, 0]
      const blank = new Set<string>()
      for (const cell of room?.querySelectorAll('[role="option"]') ?? []) {
        const box = cell.getBoundingClientRect()
        const image = cell.querySelector('img')
        const isShown = image !== null && image.complete && image.naturalWidth > 0
        if (box.bottom > top && box.top < bottom && !isShown) blank.add(cell.getAttribute('aria-posinset')!)
      }
      for (const place of since.keys()) if (!blank.has(place)) since.delete(place)
      for (const place of blank) {
        if (!since.has(place)) since.set(place, now)
        watch.longest = Math.max(watch.longest, now - since.get(place)!)
      }
      watch.waiting = blank.size
      if (!watch.isOver) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await work()
  // The last page may still be on its way.
  await page.waitForTimeout(100)
  await page.waitForFunction(() => (window as unknown as { watch: { waiting: number } }).watch.waiting === 0)
  return page.evaluate(() => {
    const { watch } = window as unknown as { watch: { longest: number; isOver: boolean } }
    watch.isOver = true
    return watch.longest
  })
}

async function wheel(page: Page, ms: number): Promise<void> {
  for (const begin = performance.now(); performance.now() - begin < ms;) {
    await page.mouse.wheel(0, 240)
    await page.waitForTimeout(16)
  }
}

/** From where the bar stands to a share of its way, a little in every frame. */
async function drag(page: Page, share: number, ms: number): Promise<void> {
  await page.getByRole('listbox', { name: 'Pictures' }).evaluate(
    (list, { share, ms }) =>
      new Promise<void>((done) => {
        const room = list.parentElement!
        const [from, begin] = [room.scrollTop, performance.now()]
        const to = share * (room.scrollHeight - room.clientHeight)
        const move = (): void => {
          const part = Math.min(1, (performance.now() - begin) / ms)
          room.scrollTop = from + (to - from) * part
          if (part < 1) requestAnimationFrame(move)
          else done()
        }
        move()
      }),
    { share, ms },
  )
}
