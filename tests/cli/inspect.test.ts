import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')
const inspect = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'src/cli/inspect.ts'), ...args], { encoding: 'utf8' })
const golden = (name: string) => join(root, 'tests/golden/G_images', name)

it('tells as one JSON object how a picture of another program was made', () => {
  const { stdout, status } = inspect(golden('comfy_default.png'), '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'comfy_default.png',
    source: 'ComfyUI',
    request: { seed: 156680208700286, sampler: 'Euler', schedule: 'Normal', steps: 20 },
    model: { name: 'v1-5-pruned-emaonly.ckpt' },
    unmapped: [],
  })
})

it('says in words what could not be mapped', () => {
  const { stdout } = inspect(golden('a1111_lora_extras.png'))
  expect(stdout).toContain('source: AUTOMATIC1111')
  expect(stdout).toContain('Tiling: True (has no counterpart here)')
})

it('answers with no source for a file that tells nothing', () => {
  const { stdout, status } = inspect(golden('no_metadata.png'), '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ source: null, request: {}, unmapped: [] })
})

it.skipIf(process.platform === 'win32')('does not wait for a pipe', () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'latent-studio-')), 'pipe')
  onTestFinished(() => rmSync(dirname(pipe), { recursive: true }))
  spawnSync('mkfifo', [pipe])
  expect(inspect(pipe)).toMatchObject({ status: 1, stderr: expect.stringContaining('is not a file') })
})

it('exits with 2 for bad arguments and 1 for a file that is not there', () => {
  expect(inspect()).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('error bad-request: One file is read'),
  })
  expect(inspect('/not/there.png')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('error not-found:'),
  })
})
