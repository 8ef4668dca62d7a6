import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'
import { findBrowser } from '../browser.ts'
import { buildIfStale } from '../build.ts'
import { row } from './report.ts'

/**
 * The Lab as a person feels it, in the real window on the real server: how soon its first page stands, and how many frames
 * a second there are while its slider is dragged with the mouse over a picture of 512 x 512. Nothing is asserted.
 */
const size = 512
/** Moves of the mouse from one end of the slider to the other, and ways over it. */
const [moves, ways] = [120, 4]

buildIfStale()
const dataFolder = await mkdtemp(join(tmpdir(), 'latent-studio-bench-'))
const studio = await openStudio({ dataFolder })
const server = await startServer({ studio })
const browser = await chromium.launch({ executablePath: findBrowser() })
try {
  await madePicture(studio)
  console.log(`the Lab, ${size} × ${size}, starter, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(300_000)
  await page.goto(server.address)
  await page.getByRole('button', { name: /^(Generate|Add to queue)/ }).waitFor()
  const opened = await firstOpen(page)
  row('click on Lab to its first page', `${opened.page.toFixed(0)} ms (target under 1000)`)
  row('click on Lab to the picture in noise', `${opened.picture.toFixed(0)} ms`)
  await page.locator('.paper img').waitFor()
  const idle = await framesOf(page, () => page.waitForTimeout(2000))
  report('without a hand on it', idle)
  const dragged = await framesOf(page, () => drag(page))
  report('while the slider is dragged', dragged)
  row('share of the frames that an idle page has', (idle.middle / dragged.middle).toFixed(2))
  row('load of the machine, runnable threads', loadavg()[0].toFixed(1))
} finally {
  await browser.close()
  await server.close()
  await studio.close()
  await rm(dataFolder, { recursive: true, force: true })
}

async function madePicture({ calls }: Studio): Promise<void> {
  const { id } = await calls.enqueue({ prompt: 'a red fox on a hill', steps: 1, width: size, height: size })
  for (;;) {
    const job = (await calls.jobs()).find((known) => known.id === id)
    if (job?.error) throw new Error(job.error.message)
    if (!job || job.state === 'done') return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Ms from the click to the first frame with the page, and with the picture on it. */
function firstOpen(page: Page): Promise<{ page: number; picture: number }> {
  return page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const untilThere = async (place: string): Promise<number> => {
      while (!document.querySelector(place)) await frame()
      await frame()
      return performance.now() - began
    }
    const began = performance.now()
    document.querySelector<HTMLElement>('a[href="#lab"]')!.click()
    return { page: await untilThere('.lab .frame'), picture: await untilThere('.lab .paper canvas') }
  })
}

interface Frames {
  /** Ms between frames: the middle one, and what 95 and 99 of 100 stay within. */
  middle: number
  most95: number
  most99: number
  count: number
}

/** The frames that the page draws while something happens. */
async function framesOf(page: Page, happens: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const frames: number[] = []
    const note = (at: number): void => {
      frames.push(at)
      if (!('framesEnd' in window)) requestAnimationFrame(note)
    }
    Reflect.deleteProperty(window, 'framesEnd')
    Object.assign(window, { frames })
    requestAnimationFrame(note)
  })
  await happens()
  const times = await page.evaluate(() => {
    Object.assign(window, { framesEnd: true })
    return (window as unknown as { frames: number[] }).frames
  })
  const waits = times.slice(1).map((at, i) => at - times[i])
  const sorted = waits.toSorted((a, b) => a - b)
  const within = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]
  return { middle: within(0.5), most95: within(0.95), most99: within(0.99), count: waits.length }
}

async function drag(page: Page): Promise<void> {
  const box = (await page.getByRole('slider', { name: 'Timestep' }).boundingBox())!
  const [left, right] = [box.x + 12, box.x + box.width - 12]
  const y = box.y + box.height / 2
  await page.mouse.move(left + (right - left) * 0.3, y)
  await page.mouse.down()
  for (let way = 0; way < ways; way++) await page.mouse.move(way % 2 ? left : right, y, { steps: moves })
  await page.mouse.up()
}

function report(when: string, { middle, most95, most99, count }: Frames): void {
  row(`frames a second ${when}`, `${(1000 / middle).toFixed(0)} (${count} frames)`)
  const shares = `${middle.toFixed(1)} ms, 95 % within ${most95.toFixed(1)}, 99 % within ${most99.toFixed(1)}`
  row('  from frame to frame', shares)
}
