import type { Locator, Page } from '@playwright/test'
import sharp from 'sharp'
import { violations } from './axe.ts'
import { choose, copiedBy, expect, film, makePicture, setSize, test } from './studio.ts'

/** A race on a busy machine. */
const longRun = { timeout: 200_000 }

test.beforeEach(async ({ context, surface, window }) => {
  if (surface === 'browser') await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await setSize(window, 64)
  await makePicture(window, 'a red fox on a hill', 1)
})

const openRace = async (page: Page, settings: Record<string, string>): Promise<void> => {
  await page.evaluate((query) => (location.hash = `lab/race?${query}`), `${new URLSearchParams(settings)}`)
  await expect(page.getByRole('heading', { name: 'Race of samplers' })).toBeVisible()
}
const lane = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

test('racers are chosen, and the address brings them back; a race is stopped and goes on with what it has', async ({
  window,
}) => {
  await openRace(window, {
    racers: 'Euler/Normal,Warp/Normal,Euler/Normal,DPM++ SDE/Karras',
    evaluations: '8',
    reference: '16',
    round: '5',
  })
  const notes = window.getByRole('status').filter({ hasText: 'The address' })
  await expect(notes).toContainText('no sampler with a schedule: Warp/Normal')
  await expect(notes).toContainText('twice: Euler/Normal')
  await expect(notes).toContainText('no round of 5 evaluations')

  // Another one, of which sampler and schedule are chosen; one that races already is not taken twice.
  await window.getByRole('button', { name: 'Add a racer' }).click()
  await choose(window, 'Sampler of racer 3', 'Heun')
  await expect(lane(window, 'Heun, Normal')).toBeVisible()
  await choose(window, 'Schedule of racer 3', 'Karras')
  await choose(window, 'Sampler of racer 2', 'Heun')
  await expect(lane(window, 'DPM++ SDE, Karras')).toBeVisible()
  await window.getByRole('button', { name: 'Add a racer' }).click()
  await window
    .getByRole('button', { name: /^Take .* out of the race$/ })
    .nth(3)
    .click()
  await expect(window).toHaveURL(/racers=Euler%2FNormal%2CDPM%2B%2B\+SDE%2FKarras%2CHeun%2FKarras(&|$)/)
  await window.reload()
  await expect(lane(window, 'Heun, Karras')).toBeVisible()

  // Left and right go from racer to racer, and stay on the same control.
  const sampler = (number: number): Locator =>
    window.getByRole('combobox', { name: `Sampler of racer ${number}`, exact: true })
  await sampler(1).focus()
  for (const [key, number] of [
    ['ArrowRight', 2],
    ['End', 3],
    ['ArrowLeft', 2],
    ['Home', 1],
  ] as const) {
    await window.keyboard.press(key)
    await expect(sampler(number)).toBeFocused()
  }

  // More than a thousand evaluations: it is not over before the click, however slow the window is.
  await openRace(window, { evaluations: '64', reference: '200' })
  await window.getByRole('button', { name: 'Start the race' }).click()
  await expect(window.getByText(/ evaluations · .* left$/)).toBeVisible(longRun)
  await window.getByRole('button', { name: 'Stop' }).click()
  await expect(window.getByText(/^\d+ evaluations ahead\.$/)).toBeVisible()
  await expect(window.getByRole('button', { name: /^(Start|Go on with) the race$/ })).toBeEnabled()

  await openRace(window, { racers: 'Euler/Normal', evaluations: '8', reference: '8' })
  await window.getByRole('button', { name: 'Start the race' }).click()
  await expect(window.getByText('All of it is run.')).toBeVisible(longRun)
  // One more racer: only its own runs are ahead.
  await window.getByRole('button', { name: 'Add a racer' }).click()
  await expect(window.getByText('16 evaluations ahead.')).toBeVisible()
  await expect(window.getByRole('button', { name: 'Go on with the race' })).toBeEnabled()
})

test('racers run at equal evaluations, are measured, and kept', async ({ window, surface }) => {
  await openRace(window, {
    racers: 'Euler/Normal,DPM++ SDE/Karras,Heun/Karras',
    evaluations: '8',
    reference: '16',
  })
  const start = window.getByRole('button', { name: 'Start the race' })
  // While a picture is made there is no race.
  await expect(start).toBeEnabled()
  await start.focus()
  await start.press('Enter')
  await expect(window.getByText('All of it is run.')).toBeVisible(longRun)
  // A second order step asks twice, but for the last.
  await expect(lane(window, 'Euler, Normal')).toContainText('8 evaluations in 8 steps')
  await expect(lane(window, 'Heun, Karras')).toContainText('7 evaluations in 4 steps')
  await expect(lane(window, 'DPM++ SDE, Karras')).toContainText('7 evaluations in 4 steps')
  await expect(lane(window, 'Euler, Normal')).toContainText(/(converges|comes no nearer): order/)
  await expect(lane(window, 'Heun, Karras')).toContainText(/(converges|comes no nearer): order/)
  await expect(lane(window, 'DPM++ SDE, Karras')).toContainText(/wanders: other noise ends [\d.]+ away/)

  // At the end the decoder draws; before it the guess is seen, of which each run has as many as evaluations.
  await expect(lane(window, 'Heun, Karras').locator('img')).toBeVisible()
  await window.getByRole('slider', { name: 'Evaluation' }).press('ArrowLeft')
  await expect(window.getByText('After 7 of 8 evaluations')).toBeVisible()
  await expect(lane(window, 'Heun, Karras').locator('canvas')).toBeVisible()
  await window.getByRole('radio', { name: '4', exact: true }).click()
  await expect(lane(window, 'Heun, Karras')).toContainText('3 evaluations in 2 steps')
  await window.getByRole('radio', { name: '8', exact: true }).click()
  await window.getByRole('slider', { name: 'Evaluation' }).press('End')
  expect(await violations(window)).toEqual([])

  await expect(window.getByRole('img', { name: 'Error of whole runs' })).toBeVisible()
  if (surface === 'browser') {
    const rows = await copied(window, 'Error of whole runs')
    expect(rows[0]).toEqual(['sampler', 'schedule', 'round', 'steps', 'evaluations', 'error', 'spread'])
    expect(rows.slice(1).map((row) => row.slice(0, 5).join(' '))).toEqual([
      'Euler Normal 4 4 4',
      'Euler Normal 8 8 8',
      'DPM++ SDE Karras 4 2 3',
      'DPM++ SDE Karras 8 4 7',
      'Heun Karras 4 2 3',
      'Heun Karras 8 4 7',
    ])
    // What adds no noise ends in the very same place.
    expect(rows.filter(([sampler]) => sampler !== 'DPM++ SDE').map((row) => row[6])).toEqual([
      'spread',
      '0',
      '',
      '0',
      '',
    ])
    await window.getByRole('radio', { name: 'Inside one run' }).click()
    const inside = await copied(window, 'Error of the guess in the run of 8')
    expect(inside).toHaveLength(9)
    const ofEuler = inside.slice(1).map((row) => Number(row[1]))
    // The last guess of a run that ends at sigma 0 is where it ends.
    expect(ofEuler.at(-1)).toBeCloseTo(Number(rows[2][5]), 3)
    await keptGrid(window)
  }

  await window.getByRole('button', { name: 'Keep 3 as pictures' }).click()
  await expect(window.getByText('3 pictures are in the queue.', { exact: true })).toBeVisible()
  await window.getByRole('link', { name: 'Create', exact: true }).click()
  await expect(film(window)).toHaveCount(4, longRun)
})

async function copied(page: Page, what: string): Promise<string[][]> {
  const csv = await copiedBy(page.getByRole('button', { name: `Copy as CSV: ${what}` }))
  return csv.split('\n').map((row) => row.split(','))
}

/** The sheet has every racer's picture in colours, and ink beneath them. */
async function keptGrid(page: Page): Promise<void> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save with its formula' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('race.png')
  const file = test.info().outputPath('race.png')
  await download.saveAs(file)
  // Two beside each other on 1024 pixels between margins of 48, the reference first, and two below.
  const { channels } = await sharp(file).extract({ left: 60, top: 60, width: 440, height: 440 }).stats()
  expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(5)
  const label = { left: 48, top: 48 + 506, width: 500, height: 60 }
  const grey = await sharp(file).extract(label).greyscale().raw().toBuffer()
  expect(grey.filter((value) => value < 100).length).toBeGreaterThan(100)
}
