import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { startModelSites, type ModelSites } from '../studio/fixtures/modelSites.ts'
import { temporaryFolder } from '../studio/fixtures/testStudio.ts'

const program = fileURLToPath(new URL('../../src/cli/download.ts', import.meta.url))
const file = 'model.safetensors'

async function set(): Promise<{ sites: ModelSites; data: string }> {
  const sites = await startModelSites()
  onTestFinished(() => sites.close())
  return { sites, data: temporaryFolder() }
}

/** Starts the command with Hugging Face where the test has it; `seen` is called with all that came on stderr so far. */
async function download(
  { sites, data }: { sites: ModelSites; data: string },
  args: string[],
  { token, seen = () => {} }: { token?: string; seen?: (stderr: string, stop: () => void) => void } = {},
) {
  const { HF_TOKEN: _, ...environment } = process.env
  const env = { ...environment, HF_ENDPOINT: sites.huggingface, ...(token ? { HF_TOKEN: token } : {}) }
  const child = spawn(findNodeBinary(), [program, '--data', data, ...args], { env })
  let stderr = ''
  child.stderr.on('data', (bytes) => {
    stderr += String(bytes)
    seen(stderr, () => child.kill('SIGINT'))
  })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { stdout, stderr, code: code as number }
}

test('a model is fetched to the own folder of models, told before, and its path printed', async () => {
  const there = await set()
  const bytes = randomBytes(300_000)
  const { sha } = there.sites.repository('org/one', {
    files: { [file]: bytes },
    token: 'hf_env',
    gated: true,
  })
  const { code, stdout, stderr } = await download(there, ['org/one', '--json'], { token: 'hf_env' })
  expect(code, stderr).toBe(0)
  const path = join(there.data, 'models', 'one.safetensors')
  expect(JSON.parse(stdout)).toEqual({
    path,
    revision: sha,
    licence: 'mit',
    link: `https://huggingface.co/org/one/blob/${sha}/${file}`,
  })
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(stderr).toContain('0.3 MB of 0.3 MB to fetch')
  expect(stderr).not.toContain('hf_env')

  const again = await download(there, ['org/one'])
  expect(again).toMatchObject({ code: 0, stdout: `${path}\n` })
  expect(again.stderr).toContain('is here already')
})

test('Ctrl+C pauses, and the same command goes on where it was', async () => {
  const there = await set()
  const folder = join(there.data, 'chosen')
  const bytes = randomBytes(8 * 2 ** 20)
  there.sites.repository('org/slow', { files: { [file]: bytes } })
  there.sites.storing.pace = { bytes: 128 * 1024, pauseMs: 40 }
  let isStopped = false
  const stopped = await download(there, ['org/slow', '--to', folder], {
    seen(stderr, stop) {
      if (isStopped || !/ [4-9]\d%/.test(stderr)) return
      isStopped = true
      stop()
    },
  })
  expect(stopped).toMatchObject({ code: 1, stdout: '' })
  expect(stopped.stderr).toContain('error cancelled: Paused.')
  expect(existsSync(join(folder, 'slow.safetensors'))).toBe(false)

  there.sites.storing.pace = null
  const before = there.sites.asked.length
  const { code, stdout, stderr } = await download(there, ['org/slow', '--to', folder])
  expect(code, stderr).toBe(0)
  expect(readFileSync(stdout.trim()).equals(bytes)).toBe(true)
  const { range } = there.sites.asked.slice(before).find(({ server }) => server === 'storage')!
  expect(Number(/^bytes=(\d+)-/.exec(range!)![1])).toBeGreaterThan(2 ** 20)
})

test('what cannot be fetched ends with its code', async () => {
  const there = await set()
  there.sites.repository('org/gated', { files: { [file]: randomBytes(10) }, token: 'hf_x', gated: true })
  const gated = await download(there, ['org/gated'])
  expect(gated).toMatchObject({ code: 1, stdout: '' })
  expect(gated.stderr).toContain('error login-needed: This model is behind terms')
  const none = await download(there, [])
  expect(none.code).toBe(2)
  expect(none.stderr).toContain('One link is fetched, found 0')
  expect((await download(there, ['--help'])).stdout).toContain('Stable Diffusion 1.5, 2.13 GB')
})
