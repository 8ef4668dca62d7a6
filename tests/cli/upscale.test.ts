import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { safetensorsBytes } from '../engine/model/safetensorsFile.ts'
import { compactByHand } from '../engine/upscale/upscalersByHand.ts'
import { writeLora } from '../studio/fixtures/adapterFiles.ts'

/** Enlarging from the command line, by a tiny network of scale 4 in a model folder. */

const folder = mkdtempSync(join(tmpdir(), 'latent-studio-upscale-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const [data, models] = [join(folder, 'data'), join(folder, 'models')]
const [picture, network, lora] = ['small.png', 'models/tiny.safetensors', 'models/ink.safetensors'].map(
  (name) => join(folder, name),
)

beforeAll(async () => {
  for (const made of [data, models]) mkdirSync(made)
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ modelFolders: [models] }))
  writeFileSync(network, safetensorsBytes(compactByHand(4).tensors))
  writeLora(lora, 1)
  await sharp({ create: { width: 24, height: 16, channels: 3, background: '#c04020' } })
    .png()
    .toFile(picture)
})

interface Ended {
  code: number
  stdout: string
  stderr: string
}

function run(program: 'generate' | 'upscale', ...args: string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(`../../src/cli/${program}.ts`, import.meta.url))
  return new Promise((resolve) => {
    execFile(findNodeBinary(), [path, '--data', data, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

const sizeOf = async (path: string): Promise<string> => {
  const { width, height, format } = await sharp(path).metadata()
  return `${format} ${width}x${height}`
}

// Every run is a process that starts an engine: slow where others are busy.
vi.setConfig({ testTimeout: 240_000 })

describe('upscale', () => {
  it('enlarges a picture by a network of the model folders, and reports it', async () => {
    const out = join(folder, 'out', 'large.webp')
    const { code, stdout, stderr } = await run(
      ...(['upscale', picture, '--model', 'tiny', '--scale', '3', '--out', out, '--json'] as const),
    )
    expect(code, stderr).toBe(0)
    const report: unknown = JSON.parse(stdout)
    expect(report).toMatchObject({ path: out, width: 72, height: 48, upscaler: 'tiny', scale: 3 })
    expect(report).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{10,64}$/) })
    expect(report).toMatchObject({ historyIds: [expect.any(String)] })
    expect(await sizeOf(out)).toBe('webp 72x48')
    expect(stderr).toMatch(/upscaling 0\/1/)
  })

  it('takes the network that ships and twice the size by itself, and prints where the picture lies', async () => {
    const { code, stdout, stderr } = await run('upscale', picture)
    expect(code, stderr).toBe(0)
    const path = stdout.trim()
    expect(path.startsWith(data)).toBe(true)
    expect(await sizeOf(path)).toBe('png 48x32')
    expect(readFileSync(path, 'latin1')).toContain('Postprocess upscaler: RDN-2x')
  })

  it('takes a network by its path', async () => {
    const { code, stdout, stderr } = await run('upscale', picture, '--model', network)
    expect(code, stderr).toBe(0)
    expect(await sizeOf(stdout.trim())).toBe('png 48x32')
  })

  it.each([
    [[picture, '--model', 'gone'], 1, /error not-found: .*gone/],
    [[picture, '--model', lora], 1, /error not-a-checkpoint: .*ink\.safetensors is a LoRA, not an upscaler/],
    [[picture, '--model', 'Latent'], 2, /error bad-request: .*"Latent" stretches latents/],
    [[picture, '--scale', '9'], 2, /error bad-request: .*scale/],
    [[picture, '--scale', 'twice'], 2, /--scale.*twice/],
    [[picture, '--out', join(folder, 'large.gif')], 2, /error bad-request: --out: .*gif/],
    [[join(folder, 'gone.png')], 1, /error bad-init-image: .*gone\.png/],
    [[lora], 1, /error bad-init-image: /],
    [[], 2, /One picture is enlarged, found 0/],
    [[picture, picture], 2, /One picture is enlarged, found 2/],
  ] as const)('refuses %j', async (args, code, message) => {
    const ended = await run('upscale', ...args)
    expect(ended.stderr).toMatch(message)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })
})

describe('generate', () => {
  const small = ['--prompt', 'a red circle', '--size', '64x64', '--steps', '2', '--device', 'cpu'] as const

  it('draws a second pass and enlarges what comes out', async () => {
    const out = join(folder, 'circle.png')
    const pass = [
      '--hires-scale',
      '1.5',
      '--hires-upscaler',
      'tiny',
      '--hires-steps',
      '2',
      '--hires-strength',
      '0.5',
    ]
    const upscale = ['--upscale', 'tiny', '--upscale-by', '2']
    const { code, stdout, stderr } = await run(
      'generate',
      ...small,
      ...pass,
      ...upscale,
      '--out',
      out,
      '--json',
    )
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      images: [{ path: out, width: 192, height: 192 }],
      files: [{ kind: 'upscaler', name: 'tiny' }],
    })
    expect(await sizeOf(out)).toBe('png 192x192')
    expect(stderr).toMatch(/pass 1\/2, denoising[^]*pass 2\/2, denoising[^]*upscaling 0\/1/)
    const written = readFileSync(out, 'latin1')
    expect(written).toContain('Hires upscale: 1.5, Hires steps: 2, Hires upscaler: tiny')
    expect(written).toContain('Denoising strength: 0.5')
  })

  it.each([
    [['--upscale-by', '2'], 2, /--upscale-by: has no effect without --upscale/],
    [['--upscale', 'gone'], 1, /error not-found: .*gone/],
    [['--upscale', 'ink'], 1, /error not-found: .*ink/],
    [['--upscale', 'Latent'], 2, /error bad-request: .*second pass/],
    [['--hires-upscaler', 'gone'], 1, /error not-found: .*gone/],
    [['--hires-scale', 'much'], 2, /--hires-scale.*much/],
    [['--hires-scale', '0.5'], 2, /error bad-request: hires\.scale/],
    [['--hires-strength', '2'], 2, /error bad-request: hires\.denoiseStrength/],
    [
      ['--hires-scale', '2', '--init', picture],
      2,
      /error bad-request: hires: a second pass belongs to pictures drawn/,
    ],
    [['--upscale', 'tiny', '--out', join(folder, 'large.gif')], 2, /error bad-request: --out: .*gif/],
  ] as const)('refuses %j', async (args, code, message) => {
    const ended = await run('generate', ...small, ...args)
    expect(ended.stderr).toMatch(message)
    expect([ended.code, ended.stdout]).toEqual([code, ''])
  })
})
