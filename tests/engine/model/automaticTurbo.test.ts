import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { findTurbo, testTurboFor } from '../../../src/engine/model/turboChoice.ts'
import { turboVerdict } from '../../../src/shared/request/automaticTurbo.ts'
import { builtInModelsFolder } from '../../../src/studio/paths.ts'
import { golden } from './comfyFolder.ts'

const starter = join(builtInModelsFolder, 'starter')

async function emptyCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'turbo-'))
  vi.stubEnv('LATENT_STUDIO_CACHE', folder)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  })
  return join(folder, 'self-tests.json')
}

it('is as the self-test found it for networks of these widths, near the exact numbers', async () => {
  const file = await emptyCache()
  const find = () => findTurbo(starter, 'cpu')
  expect(await find()).toBe('untested')
  await testTurboFor(starter)
  const [[key, test]] = Object.entries(
    JSON.parse(await readFile(file, 'utf8')) as Record<string, { speed: number; difference: number }>,
  )
  expect(test.speed).toBeGreaterThan(0)
  expect(test.difference).toBeGreaterThan(0)
  expect(await find()).toBe(turboVerdict(test))
  expect(['faster', 'slower']).toContain(await find())

  const findKept = async (entry: object) => {
    await writeFile(file, JSON.stringify({ [key]: entry }))
    return find()
  }
  expect(await findKept({ speed: 1.5, difference: 0.02 })).toBe('faster')
  expect(await findKept({ speed: 1, difference: 0.02 })).toBe('slower')
  expect(await findKept({ speed: 1.5, difference: 0.2 })).toBe('apart')
  const ended = { testedBy: 2 ** 30 }
  expect(await findKept(ended)).toBe('untested')
  expect(await findKept({ ...ended, again: true })).toBe('ended')
  await testTurboFor(starter)
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ [key]: { ...ended, again: true } })
})

it('is exact on cards, and where nothing was tested', async () => {
  await emptyCache()
  expect(await findTurbo(starter, 'cuda')).toBe('card')
  expect(await findTurbo(join(golden, 'zimage'), 'cpu')).toBe('untested')
})
