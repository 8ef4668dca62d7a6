import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { Page } from '../../src/shared/contract.ts'
import { builtInModelsFolder, findNodeBinary } from '../../src/studio/paths.ts'

interface Report {
  images: { path: string; seed: number | string; width: number; height: number }[]
  model: string
  device: string
  steps: number
  timings: Record<string, number>
  historyIds: string[]
}

const folder = mkdtempSync(join(tmpdir(), 'latent-studio-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'data')

const programPath = (program: string): string =>
  fileURLToPath(new URL(`../../src/cli/${program}.ts`, import.meta.url))

function run(program: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(findNodeBinary(), [programPath(program), '--data', data, ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

async function generate(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await run('generate', '--device', 'cpu', '--steps', '4', '--json', ...args)
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Report
}

const pixels = (path: string): Promise<Buffer> => sharp(path).raw().toBuffer()

describe('generate', () => {
  it('reports its images in one JSON object and progress on stderr', async () => {
    const out = join(folder, 'out', 'circle.png')
    const args = ['--prompt', 'a red circle', '--seed', '5', '--batch', '2', '--size', '128x64', '--out', out]
    const { code, stdout, stderr } = await run('generate', ...args, '--steps', '4', '--json')
    expect(code, stderr).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({
      images: [
        { path: out, seed: 5, width: 128, height: 64 },
        { path: join(folder, 'out', 'circle-2.png'), seed: 6, width: 128, height: 64 },
      ],
      model: 'starter',
      steps: 4,
    })
    expect(report.device).toMatch(/^(cpu|webgpu|dml|coreml|cuda)$/)
    expect(report.historyIds).toHaveLength(2)
    for (const name of ['load', 'textEncode', 'denoise', 'decode', 'total', 'unetRunMs']) {
      expect(report.timings[name], name).toBeGreaterThan(0)
    }
    expect(report.timings.unetRuns).toBeGreaterThanOrEqual(8)
    expect(stderr).toContain('denoising 4/4')
    for (const { path } of report.images) expect((await sharp(path).metadata()).width).toBe(128)
  })

  it('takes from the model what was not said, and else what was', async () => {
    const fast = join(folder, 'models', 'fast')
    cpSync(join(builtInModelsFolder, 'starter'), join(folder, 'models', 'slow'), { recursive: true })
    cpSync(join(builtInModelsFolder, 'starter', 'unet'), join(fast, 'unet'), { recursive: true })
    writeFileSync(join(fast, 'model_index.json'), '{}')
    const defaults = { steps: 3, guidanceScale: 1, sampler: 'Euler', schedule: 'SGM Uniform' }
    writeFileSync(join(fast, 'studio.json'), JSON.stringify({ base: 'slow', defaults }))
    const args = ['--prompt', 'a cat', '--model', fast, '--size', '64x64', '--device', 'cpu', '--json']
    const { stdout, stderr } = await run('generate', ...args, '--sampler', 'Euler a')
    const { steps, historyIds, timings } = JSON.parse(stdout) as Report
    expect(steps, stderr).toBe(3)
    // Without guidance every step is one evaluation.
    expect(timings.unetRuns).toBe(3)
    const { items } = JSON.parse((await run('history', '--json')).stdout) as Page
    const made = items.find(({ id }) => id === historyIds[0])
    expect(made?.request).toMatchObject({ ...defaults, sampler: 'Euler a' })
    const again = JSON.parse((await run('generate', ...args, '--steps', '2')).stdout) as Report
    expect(again.steps).toBe(2)
  })

  it('gives the same pixels for the same seed, and others for another', async () => {
    const same = ['--prompt', 'a blue square', '--seed', '18446744073709551615']
    const [one, other] = [await generate(...same), await generate(...same)]
    const different = await generate('--prompt', 'a blue square', '--seed', '1')
    const [first, second, third] = await Promise.all(
      [one, other, different].map(({ images }) => pixels(images[0].path)),
    )
    expect(one.images[0].seed).toBe('18446744073709551615')
    expect(one.images[0].path).not.toBe(other.images[0].path)
    expect(first.equals(second)).toBe(true)
    expect(first.equals(third)).toBe(false)
  })

  it('starts from a picture, and follows it more the lower the strength', async () => {
    const init = join(folder, 'init.png')
    const green = { create: { width: 300, height: 200, channels: 3, background: '#20a040' } } as const
    await sharp(green).png().toFile(init)
    const distance = async (strength: string): Promise<number> => {
      const { images } = await generate(
        '--prompt',
        'a red circle',
        '--seed',
        '3',
        '--init',
        init,
        '--strength',
        strength,
      )
      const found = await pixels(images[0].path)
      const wanted = [0x20, 0xa0, 0x40]
      return found.reduce((sum, value, index) => sum + Math.abs(value - wanted[index % 3]), 0) / found.length
    }
    const [near, far] = [await distance('0.2'), await distance('1')]
    expect(near).toBeLessThan(25)
    expect(far).toBeGreaterThan(near * 1.5)
  })

  it('opens a model by its path', async () => {
    const report = await generate('--prompt', 'a tree', '--model', join(builtInModelsFolder, 'starter'))
    expect(report.model).toBe('starter')
  })

  it.each([
    [['--sampler', 'Eula'], 2, /^error bad-request: sampler: there is no sampler called "Eula"/],
    [['--size', '100x96'], 2, /^error bad-request: width: must be a multiple of 8/],
    [['--size', '4096x4096'], 2, /^error bad-request: width: must be at most 2048/],
    [['--size', '512'], 2, /^error bad-request: --size: must be like 512x512/],
    [['--steps', '0'], 2, /^error bad-request: steps: must be at least 1/],
    [['--strength', '1.5'], 2, /^error bad-request: denoiseStrength: must be at most 1/],
    [['--seed', '18446744073709551616'], 2, /^error bad-request: seed: must be a whole number/],
    [['--nonsense'], 2, /^error bad-request: Unknown option '--nonsense'/],
    [['--init', '/no/such/file.png'], 1, /^error bad-init-image: /],
    [['--init', 'package.json'], 1, /^error bad-init-image: /],
    [['--model', 'nightmare'], 1, /^error not-found: /],
  ])('with %j ends with exit code %i and says why', async (args, exitCode, message) => {
    const { code, stdout, stderr } = await run('generate', '--prompt', 'x', ...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(exitCode)
    expect(stdout).toBe('')
  })

  it('needs a prompt', async () => {
    expect(await run('generate')).toMatchObject({ code: 2, stdout: '' })
  })

  it('says which part a model folder is without', async () => {
    const model = join(folder, 'half')
    cpSync(join(builtInModelsFolder, 'starter'), model, { recursive: true })
    rmSync(join(model, 'vae'), { recursive: true })
    const { code, stderr } = await run('generate', '--prompt', 'x', '--model', model)
    expect(stderr).toMatch(/^error missing-part: .*vae/)
    expect(code).toBe(1)
  })

  it('that is interrupted ends with exit code 1 and leaves a cancelled job', async () => {
    const args = ['--prompt', 'x', '--steps', '200', '--batch', '64', '--device', 'cpu', '--data', data]
    const child = spawn(findNodeBinary(), [programPath('generate'), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    for await (const line of createInterface({ input: child.stderr })) {
      stderr += `${line}\n`
      if (line.includes('denoising')) child.kill('SIGINT')
    }
    if (child.exitCode === null) await once(child, 'exit')
    expect(stderr).toMatch(/error cancelled: /)
    expect(child.exitCode).toBe(1)
    expect(readdirSync(join(data, 'locks'))).toEqual([])
  })
})

describe('history', () => {
  it('lists what was generated, newest first, and searches the prompts', async () => {
    const { historyIds } = await generate('--prompt', 'a yellow house on a hill')
    const all = await run('history', '--json')
    const page = JSON.parse(all.stdout) as Page
    expect(page.items[0].id).toBe(historyIds[0])
    expect(existsSync(page.items[0].path)).toBe(true)
    const found = JSON.parse((await run('history', '--search', 'yellow hou', '--json')).stdout) as Page
    expect(found.items.map(({ id }) => id)).toEqual(historyIds)
    const limited = JSON.parse((await run('history', '--limit', '1', '--json')).stdout) as Page
    expect(limited.items).toHaveLength(1)
    expect((await run('history', '--search', 'yellow')).stdout).toContain('a yellow house on a hill')
  })

  it('refuses what it cannot read', async () => {
    expect(await run('history', '--limit', 'all')).toMatchObject({ code: 2, stdout: '' })
    writeFileSync(join(folder, 'file'), '')
    const { code, stderr } = await run('history', '--data', join(folder, 'file', 'below'))
    expect(stderr).toMatch(/^error read-only: /)
    expect(code).toBe(1)
  })
})

describe('serve', () => {
  it('prints one line, the address, where the studio answers; and ends when it is told to', async () => {
    const child = spawn(findNodeBinary(), [programPath('serve'), '--data', join(folder, 'served')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      const answer = await fetch(line, { redirect: 'manual' })
      expect(answer.status).toBe(302)
      child.kill('SIGTERM')
    }
    expect(lines).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)])
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })

  it('refuses a port that is none', async () => {
    expect(await run('serve', '--port', '99999')).toMatchObject({ code: 2, stdout: '' })
    expect(await run('serve', '--port', 'x')).toMatchObject({ code: 2, stdout: '' })
  })
})
