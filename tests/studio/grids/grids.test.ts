import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseFile from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { GridInput } from '../../../src/shared/grids/gridCalls.ts'
import { builtInModelsFolder, defaultEnginePath } from '../../../src/studio/paths.ts'
import type { Studio } from '../../../src/studio/studio.ts'
import { writeLora } from '../fixtures/adapterFiles.ts'
import { hasEnded, openTestStudio, runToEnd, temporaryFolder, untilJob } from '../fixtures/testStudio.ts'

const asked: GridInput = {
  request: { prompt: 'a red house', steps: 4, device: 'cpu' },
  x: { parameter: 'promptSearch', values: 'red, blue, green' },
  y: { parameter: 'steps', values: '2, 3' },
}

async function jobsOf(studio: Studio) {
  return (await studio.calls.jobs()).filter(({ request }) => request.grid !== null)
}

/** Waits until every job of the queue has ended. */
async function untilQuiet(studio: Studio): Promise<void> {
  for (const { id } of await studio.calls.jobs()) await untilJob(studio, id, hasEnded)
}

const cellsOf = async (studio: Studio, id: string): Promise<string[]> =>
  (await studio.calls.grid(id)).images.map(({ request: { grid, steps, prompt } }) => {
    const { x, y, z, isTrial } = grid!
    return `${x}${y}${z}${isTrial ? ' trial' : ''}: ${prompt}, ${steps}`
  })

describe('a grid', () => {
  it('is as many ordinary pictures, whose rows say which grid and which cell, all of one seed', async () => {
    const studio = await openTestStudio()
    const plan = await studio.calls.planGrid(asked)
    expect(plan).toMatchObject({ cells: 6, openings: 1, timeMs: null, trialTimeMs: null })
    expect(plan.axes.x).toEqual({ parameter: 'promptSearch', values: ['red', 'blue', 'green'] })
    expect(await studio.calls.jobs()).toEqual([])
    const { id } = await studio.calls.makeGrid(asked)
    await untilQuiet(studio)
    expect(await cellsOf(studio, id)).toEqual([
      '000: a red house, 2',
      '100: a blue house, 2',
      '200: a green house, 2',
      '010: a red house, 3',
      '110: a blue house, 3',
      '210: a green house, 3',
    ])
    const { images } = await studio.calls.grid(id)
    expect(new Set(images.map(({ request }) => request.seed)).size).toBe(1)
    expect((await studio.calls.history({ search: 'blue' })).items).toHaveLength(2)
    expect(await studio.calls.grids()).toMatchObject([{ id, made: 6 }])
    // What is known of them now tells how long the next grid takes.
    const again = await studio.calls.planGrid(asked)
    expect(again.timeMs).toBeGreaterThan(0)
    // A picture made again is no cell.
    const rerun = await studio.calls.rerun(images[0].id)
    expect(rerun.request.grid).toBeNull()
    expect(
      (await studio.calls.upscale({ imageId: images[0].id, upscaler: 'Lanczos' })).request.grid,
    ).toBeNull()
  })

  it('says what is wrong by axis and value before anything is queued', async () => {
    const studio = await openTestStudio()
    const refused = async (input: Partial<GridInput>, code: string, message: RegExp) => {
      for (const call of ['planGrid', 'makeGrid'] as const)
        await expect(studio.calls[call]({ ...asked, ...input })).rejects.toMatchObject({
          code,
          message: expect.stringMatching(message) as string,
        })
    }
    await refused(
      { x: { parameter: 'steps', values: '4, 500' }, y: null },
      'bad-request',
      /^X \(Steps, "500"\)/,
    )
    await refused(
      { y: { parameter: 'model', values: 'starter, nobody' } },
      'not-found',
      /^Y \(Checkpoint name, "nobody"\): There is no model called "nobody"/,
    )
    await refused(
      { y: { parameter: 'size', values: '128x128, 1024x64' } },
      'bad-request',
      /^Y \(Size, "1024x64"\): width: must be from 64 to 512 for starter, found 1024/,
    )
    await refused({ z: { parameter: 'lora', values: 'ink' } }, 'not-found', /^Z \(LoRA, "ink"\): /)
    expect(await studio.calls.jobs()).toEqual([])
    expect(await studio.calls.grids()).toEqual([])
  })

  it('makes the pictures of one model one after the other', async () => {
    const folder = temporaryFolder()
    for (const name of ['one', 'two'])
      cpSync(join(builtInModelsFolder, 'starter'), join(folder, name), { recursive: true })
    const studio = await openTestStudio()
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const { id } = await studio.calls.makeGrid({
      ...asked,
      x: { parameter: 'model', values: 'one, two' },
      y: { parameter: 'seed', values: '1-3' },
    })
    const order = (await jobsOf(studio)).map(({ request }) => `${request.model} ${request.seed}`)
    expect(order.map((made) => made.split('-')[0])).toEqual(['one', 'one', 'one', 'two', 'two', 'two'])
    await studio.calls.stopGrid(id)
  })

  it('goes on after a restart, and finds the cells that are missing', async () => {
    const folder = temporaryFolder()
    const first = await openTestStudio(folder)
    const { id } = await first.calls.makeGrid({
      ...asked,
      request: { ...asked.request, prompt: 'slow red house' },
    })
    const [{ id: running }, ...others] = await jobsOf(first)
    await untilJob(first, running, hasEnded)
    await first.calls.cancel(others[3].id)
    await first.close()

    const studio = await openTestStudio(folder)
    await untilQuiet(studio)
    expect(await cellsOf(studio, id)).toHaveLength(5)
    expect(await studio.calls.makeGridCells({ id })).toBe(1)
    // What waits already is not asked for twice.
    expect(await studio.calls.makeGridCells({ id })).toBe(0)
    await untilQuiet(studio)
    expect(new Set(await cellsOf(studio, id)).size).toBe(6)
    const { images } = await studio.calls.grid(id)
    expect(new Set(images.map(({ request }) => request.seed)).size).toBe(1)
  })

  it('is tried in few steps first, and what is picked is finished', async () => {
    const studio = await openTestStudio()
    const { id } = await studio.calls.makeGrid({
      ...asked,
      y: { parameter: 'steps', values: '2, 9' },
      trialSteps: 3,
    })
    await untilQuiet(studio)
    expect(await cellsOf(studio, id)).toEqual([
      '000: a red house, 2',
      '100: a blue house, 2',
      '200: a green house, 2',
      '010 trial: a red house, 3',
      '110 trial: a blue house, 3',
      '210 trial: a green house, 3',
    ])
    expect(await studio.calls.makeGridCells({ id, cells: [4] })).toBe(1)
    await untilQuiet(studio)
    expect((await cellsOf(studio, id)).at(-1)).toBe('110: a blue house, 9')
    expect(await studio.calls.grids()).toMatchObject([{ made: 6 }])
  })

  it('is stopped and forgotten, its pictures stay', async () => {
    const studio = await openTestStudio()
    const other = await studio.calls.enqueue({ prompt: 'slow other', steps: 3 })
    const { id } = await studio.calls.makeGrid(asked)
    await studio.calls.stopGrid(id)
    expect((await jobsOf(studio)).map(({ state }) => state)).toEqual(Array(6).fill('cancelled'))
    expect(await untilJob(studio, other.id, hasEnded)).toMatchObject({ state: 'done' })
    await studio.calls.makeGridCells({ id, cells: [0] })
    await untilQuiet(studio)
    await studio.calls.removeGrid(id)
    await expect(studio.calls.grid(id)).rejects.toMatchObject({ code: 'not-found' })
    expect((await studio.calls.history({ search: 'red' })).total).toBe(1)
  })
})

describe('what is kept of a grid', () => {
  it('R15: goes with its last picture, its prompt too', async () => {
    const folder = temporaryFolder()
    const studio = await openTestStudio(folder)
    const { id } = await studio.calls.makeGrid({
      ...asked,
      request: { ...asked.request, prompt: 'red zebrafish' },
    })
    await untilQuiet(studio)
    const ids = (await studio.calls.grid(id)).images.map((image) => image.id)
    await studio.calls.trash(ids.slice(0, 5))
    await studio.calls.emptyTrash()
    expect(await studio.calls.grids()).toMatchObject([{ id, made: 1 }])
    await studio.calls.trash(ids)
    await studio.calls.emptyTrash()
    expect(await studio.calls.grids()).toEqual([])
    await studio.close()
    const database = new DatabaseFile(join(folder, 'studio.db'))
    expect(database.serialize().includes('zebrafish')).toBe(false)
    database.close()
  })

  it('R12: comes back with a database that is rebuilt, and its pictures are its cells again', async () => {
    const folder = temporaryFolder()
    const before = await openTestStudio(folder)
    const { id } = await before.calls.makeGrid(asked)
    await untilQuiet(before)
    const cells = await cellsOf(before, id)
    await before.close()
    writeFileSync(join(folder, 'studio-damaged.txt'), 'found damaged\n')
    const studio = await openTestStudio(folder)
    expect(await cellsOf(studio, id)).toEqual(cells)
  })

  it('R16: keeps its starting picture', async () => {
    const folder = temporaryFolder()
    const first = await openTestStudio(folder)
    const png = join(folder, 'start.png')
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c04020' } })
      .png()
      .toFile(png)
    const { id: input } = await first.inputs.addFile(png)
    const { id } = await first.calls.makeGrid({
      request: { ...asked.request, initImage: { id: input } },
      x: { parameter: 'denoiseStrength', values: '0.2, 0.8' },
    })
    await first.calls.stopGrid(id)
    await untilQuiet(first)
    await first.calls.dismissJobs((await first.calls.jobs()).map(({ id }) => id))
    await first.calls.trash((await first.calls.history({})).items.map((image) => image.id))
    await first.calls.emptyTrash()
    expect(await first.calls.inputImage(input)).toMatchObject({ id: input })
  })
})

describe('with the studio’s own engine', () => {
  it('cells are the very pictures that their requests make alone', async () => {
    const folder = temporaryFolder()
    writeLora(join(folder, 'ink.safetensors'), 1)
    const studio = await openTestStudio(temporaryFolder(), { enginePath: defaultEnginePath })
    await studio.calls.changeSettings({ modelFolders: [folder] })
    const request = {
      prompt: 'a red circle',
      steps: 3,
      seed: 5,
      device: 'cpu',
      width: 64,
      height: 64,
    } as const
    const { id } = await studio.calls.makeGrid({
      request,
      x: { parameter: 'lora', values: 'None, ink:0.7' },
      y: { parameter: 'sampler', values: 'Euler, DPM++ 2M Karras' },
    })
    await untilQuiet(studio)
    const { images } = await studio.calls.grid(id)
    expect(images).toHaveLength(4)
    const pixels = await Promise.all(images.map(({ path }) => sharp(path).raw().toBuffer()))
    expect(new Set(pixels.map((data) => data.toString('base64'))).size).toBe(4)
    const last = images.find(({ request: { grid } }) => grid!.x === 1 && grid!.y === 1)!
    expect(last.request).toMatchObject({
      sampler: 'DPM++ 2M',
      schedule: 'Karras',
      adapters: [{ name: 'ink' }],
    })
    const alone = await runToEnd(studio, {
      ...request,
      sampler: 'DPM++ 2M',
      schedule: 'Karras',
      adapters: [{ name: 'ink', unet: 0.7, text: 0.7 }],
    })
    const { path } = await studio.calls.image(alone.imageIds[0])
    expect(await sharp(path).raw().toBuffer()).toEqual(await sharp(last.path).raw().toBuffer())
  })
})
