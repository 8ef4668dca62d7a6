import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { findNodeBinary } from '../../src/studio/paths.ts'

/** Grids from the command line, drawn by the included model. */

const folder = mkdtempSync(join(tmpdir(), 'latent-studio-grid-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const command = fileURLToPath(new URL('../../src/cli/grid.ts', import.meta.url))

interface Ended {
  code: number
  stdout: string
  stderr: string
}

const grid = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(findNodeBinary(), [command, '--data', join(folder, 'data'), ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })

const small = [
  '--prompt',
  'a red circle',
  '--size',
  '64x64',
  '--steps',
  '5',
  '--device',
  'cpu',
  '--seed',
  '3',
]

// Every run is a process that starts an engine: slow where others are busy.
vi.setConfig({ testTimeout: 240_000 })

describe('grid', () => {
  it('is tried in few steps, written as a folder, and finished where it is picked', async () => {
    const out = join(folder, 'out')
    const axes = ['--x', 'Prompt S/R: red, blue', '--y', 'sampler=Euler, DPM++ 2M']
    const tried = await grid(...small, ...axes, '--try', '2', '--out', out, '--json')
    expect(tried.stderr).toContain('4 pictures')
    expect(tried.stderr).toMatch(/4\/4 .*: done, [\d.]+ s/)
    expect(tried.code).toBe(0)
    const { id, cells } = JSON.parse(tried.stdout) as {
      id: string
      cells: { path: string; isTrial: boolean }[]
    }
    expect(cells.map(({ isTrial }) => isTrial)).toEqual([true, true, true, true])
    expect(readdirSync(out).sort()).toEqual(['grid.png', 'index.html', 'pictures'])
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('Steps: 2, Sampler: DPM++ 2M')

    const finished = await grid('--finish', id, '--cells', '2', '--json')
    expect(finished.stderr).toContain('1/1 blue, Euler: done')
    const after = JSON.parse(finished.stdout) as { cells: { x: number; y: number; isTrial: boolean }[] }
    expect(after.cells.at(-1)).toMatchObject({ x: 1, y: 0, isTrial: false })

    expect((await grid('--list')).stdout).toContain(`${id}  `)
    expect((await grid('--resume', id)).stdout.trim()).toBe(id)
  })

  it('takes a definition in JSON, and says what it would take without making it', async () => {
    const file = join(folder, 'definition.json')
    const request = { prompt: 'a red circle', width: 64, height: 64 }
    writeFileSync(file, JSON.stringify({ request, x: { parameter: 'seed', values: '1-3' } }))
    const { code, stdout } = await grid('--file', file, '--y', 'CFG Scale: 1-7 [3]', '--estimate')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ cells: 9, axes: { y: { values: ['1', '4', '7'] } } })
  })

  it('starts from every picture of a folder, and names the results after them', async () => {
    const [sources, out] = [join(folder, 'sources'), join(folder, 'named')]
    mkdirSync(sources)
    writeFileSync(join(sources, 'notes.txt'), 'no picture')
    for (const [name, background] of [
      ['sea, calm.png', '#2040c0'],
      ['hill.jpg', '#20a040'],
    ] as const)
      await sharp({ create: { width: 64, height: 64, channels: 3, background } }).toFile(join(sources, name))
    const ended = await grid(...small, '--init-folder', sources, '--strength', '0.4', '--out', out)
    expect(ended.stderr).toContain('2/2 sea, calm.png: done')
    expect([ended.code, ended.stdout.trim()]).toEqual([0, out])
    expect(readdirSync(join(out, 'pictures')).sort()).toEqual(['hill.png', 'sea, calm.png'])
    const page = readFileSync(join(out, 'index.html'), 'utf8')
    expect(page).toContain('src="pictures/sea%2C%20calm.png"')
    const blue = async (name: string): Promise<number> =>
      (await sharp(join(out, 'pictures', name)).stats()).channels[2].mean
    expect(await blue('sea, calm.png')).toBeGreaterThan(await blue('hill.png'))
    const empty = await grid(...small, '--init-folder', folder)
    expect([empty.code, empty.stderr]).toEqual([
      2,
      expect.stringMatching(/--init-folder: there is no picture/),
    ])
  })

  it.each([
    [['--x', 'Steps: 4, many'], 2, /error bad-request: X \(Steps, "many"\): must be a number/],
    [['--x', 'Stesp: 4'], 2, /no parameter called "Stesp"; the nearest are Steps/],
    [['--x', 'Steps'], 2, /--x: must be like "Steps: 10, 20"/],
    [['--file', 'grid.json', '--x', 'Steps: 4'], 2, /--prompt: has no effect beside --file/],
    [['--x', 'Checkpoint name: nobody'], 1, /error not-found: X \(Checkpoint name, "nobody"\)/],
    [[], 2, /at least one axis/],
  ])('refuses %j before anything is made', async (args, code, message) => {
    const ended = await grid(...small, ...args)
    expect(ended.stderr).toMatch(message)
    expect(ended.code).toBe(code)
  })
})
