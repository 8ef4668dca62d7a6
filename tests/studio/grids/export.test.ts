import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { writeGrid } from '../../../src/studio/grids/exportGrid.ts'
import { hasEnded, openTestStudio, temporaryFolder, untilJob } from '../fixtures/testStudio.ts'

it('a grid is written as a folder that opens offline, and as a labelled picture; what is not made is left out', async () => {
  const studio = await openTestStudio()
  const { id } = await studio.calls.makeGrid({
    request: { prompt: 'a <red> & "plain" house', width: 64, height: 96, steps: 2 },
    x: { parameter: 'promptSearch', values: 'red, blue' },
    y: { parameter: 'steps', values: '2, 3' },
    z: { parameter: 'guidanceScale', values: '3, 7' },
  })
  const jobs = await studio.calls.jobs()
  await studio.calls.cancel(jobs.at(-1)!.id)
  for (const job of jobs) await untilJob(studio, job.id, hasEnded)
  const grid = await studio.calls.grid(id)
  const folder = join(temporaryFolder(), 'out')
  await writeGrid(grid, folder)

  expect(readdirSync(join(folder, 'pictures')).sort()).toEqual(
    ['x1-y1-z1', 'x1-y1-z2', 'x1-y2-z1', 'x1-y2-z2', 'x2-y1-z1', 'x2-y1-z2', 'x2-y2-z1'].map(
      (name) => `${name}.png`,
    ),
  )
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const sources = [...page.matchAll(/src="([^"]+)"/g)].map(([, source]) => source)
  expect(sources).toHaveLength(7)
  for (const source of sources) expect(existsSync(join(folder, source))).toBe(true)
  expect(page).toContain('a &lt;red&gt; &amp; &quot;plain&quot; house')
  expect(page).not.toMatch(/<script|<red>|https?:/)
  expect(page).toContain('<th scope="row">Steps: 3</th>')
  expect(page).toContain('<h2>CFG Scale: 7</h2>')
  expect(page.match(/<i>not made<\/i>/g)).toHaveLength(1)

  // Two sheets of two by two, with room for the words; the pixels of the first cell stand in it as they are.
  const { data, info } = await sharp(join(folder, 'grid.png')).raw().toBuffer({ resolveWithObject: true })
  expect(info.width).toBeGreaterThan(2 * 64)
  expect(info.height).toBeGreaterThan(4 * 96)
  const first = grid.images.find(
    ({ request: { grid: cell } }) => cell!.x === 1 && cell!.y === 1 && cell!.z === 0,
  )!
  const cell = await sharp(first.path).removeAlpha().raw().toBuffer()
  const firstRow = cell.subarray(0, 64 * 3)
  expect(data.includes(firstRow)).toBe(true)
})

it('a page over HTTP is a file to keep, with its pictures inside', async () => {
  const studio = await openTestStudio()
  const { id } = await studio.calls.makeGrid({
    request: { prompt: 'a house', width: 64, height: 64, steps: 2 },
    x: { parameter: 'seed', values: '1-2' },
  })
  const get = (path: string): Promise<Response> => studio.assets(new Request(`http://studio${path}`))
  expect((await get(`/grids/${id}.png`)).status).toBe(404)
  for (const job of await studio.calls.jobs()) await untilJob(studio, job.id, hasEnded)
  const page = await get(`/grids/${id}.html`)
  expect(page.headers.get('content-disposition')).toBe('attachment')
  const html = await page.text()
  const [, first] = /src="data:image\/webp;base64,([^"]+)"/.exec(html)!
  expect(await sharp(Buffer.from(first, 'base64')).metadata()).toMatchObject({ format: 'webp', width: 64 })
  const picture = await get(`/grids/${id}.png`)
  expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({ format: 'png' })
  expect((await get('/grids/nobody.html')).status).toBe(404)
})
