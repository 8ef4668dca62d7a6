import { execFile, spawn, type ExecFileOptions } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Page } from '../../src/shared/library/history.ts'
import { builtInModelsFolder, findNodeBinary } from '../../src/studio/paths.ts'

interface Report {
  images: { path: string; seed: number | string; width: number; height: number }[]
  model: string
  device: string
  steps: number
  timings: Record<string, number>
  historyIds: string[]
  warnings: string[]
}

const folder = mkdtempSync(join(tmpdir(), 'latent-studio-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const data = join(folder, 'data')

const programPath = (program: string): string =>
  fileURLToPath(new URL(`../../src/cli/${program}.ts`, import.meta.url))

interface Ended {
  code: number
  stdout: string
  stderr: string
}

const run = (program: string, ...args: string[]): Promise<Ended> =>
  runIn({}, program, '--data', data, ...args)

function runIn(options: ExecFileOptions, program: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(findNodeBinary(), [programPath(program), ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout: String(stdout), stderr: String(stderr) })
    })
  })
}

const quick = ['--device', 'cpu', '--steps', '4', '--size', '128x128', '--json']

async function generate(...args: string[]): Promise<Report> {
  const { code, stdout, stderr } = await run('generate', ...quick, ...args)
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Report
}

const pixels = (path: string): Promise<Buffer> => sharp(path).raw().toBuffer()

// Every run is a process that loads a model: slow where others are busy.
vi.setConfig({ testTimeout: 240_000 })

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

  it('paints what a mask shows, adds to the sides, and leaves every other pixel', async () => {
    const [init, mask] = [join(folder, 'noise.png'), join(folder, 'mask.png')]
    const data = Buffer.from(
      Array.from({ length: 160 * 120 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 131) % 256),
    )
    const raw = { width: 160, height: 120, channels: 3 } as const
    await sharp(data, { raw }).png().toFile(init)
    const white = { create: { width: 40, height: 40, channels: 3, background: '#fff' } } as const
    await sharp({ create: { ...raw, background: '#000' } })
      .composite([{ input: white, left: 60, top: 40 }])
      .png()
      .toFile(mask)
    const asked = [
      '--prompt',
      'a red circle',
      '--seed',
      '3',
      '--init',
      init,
      '--mask',
      mask,
      '--mask-blur',
      '0',
    ]
    const further = ['--inpaint-area', 'masked', '--masked-content', 'fill', '--outpaint', '0,0,40,0']
    const { images } = await generate(...asked, ...further, '--soft-inpainting')
    const found = await pixels(images[0].path)
    expect(found).toHaveLength(200 * 120 * 3)
    const changed = { kept: 0, painted: 0 }
    found.forEach((level, i) => {
      const [x, y] = [Math.floor(i / 3) % 200, Math.floor(i / 3 / 200)]
      const isKept = x < 160 && !(x >= 60 && x < 100 && y >= 40 && y < 80)
      if (isKept && level !== data[(y * 160 + x) * 3 + (i % 3)]) changed.kept++
      if (x >= 160 && level !== data[(y * 160 + 159) * 3 + (i % 3)]) changed.painted++
    })
    expect(changed.kept).toBe(0)
    expect(changed.painted).toBeGreaterThan(1000)
  })

  it('opens a model by its path', async () => {
    const report = await generate('--prompt', 'a tree', '--model', join(builtInModelsFolder, 'starter'))
    expect(report.model).toBe('starter')
  })

  it.each(['jpg', 'JPEG', 'webp', 'avif'])(
    'writes a file .%s in that format, its making inside',
    async (ending) => {
      const out = join(folder, `out.${ending}`)
      const { images } = await generate('--prompt', 'a “red” 猫', '--seed', '5', '--out', out)
      expect(images[0].path).toBe(out)
      const { format } = await sharp(out).metadata()
      expect(format).toBe({ jpg: 'jpeg', jpeg: 'jpeg', webp: 'webp', avif: 'heif' }[ending.toLowerCase()])
      const { stdout } = await runIn({}, 'inspect', out, '--json')
      expect(JSON.parse(stdout)).toMatchObject({
        source: 'Latent Studio',
        request: { prompt: 'a “red” 猫', seed: 5 },
      })
    },
  )

  it('takes -1 as a random seed, and a sampler’s name with its schedule', async () => {
    const [one, other] = [
      await generate('--prompt', '-1', '--seed', '-1', '--sampler', 'euler a karras'),
      await generate('--prompt', 'x', '--seed=-1'),
    ]
    expect(one.images[0].seed).not.toBe(other.images[0].seed)
    const { stdout } = await run('history', '--limit', '2', '--json')
    const page = JSON.parse(stdout) as Page
    expect(page.items[1].request).toMatchObject({ prompt: '-1', sampler: 'Euler a', schedule: 'Karras' })
  })

  it('reports absolute paths in a folder named for the local time', async () => {
    const env = { ...process.env, TZ: 'Pacific/Kiritimati' }
    const options = { cwd: folder, env }
    const args = ['--prompt', 'x', '--steps', '1', '--device', 'cpu', '--data', 'here']
    const { stdout, stderr } = await runIn(options, 'generate', ...args, '--out', 'x.png')
    expect(stdout, stderr).toBe(`${join(folder, 'x.png')}\n`)
    const page = JSON.parse((await runIn(options, 'history', '--data', 'here', '--json')).stdout) as Page
    const [{ path, createdAt }] = page.items
    // Fourteen hours before the prime meridian, all year.
    const local = new Date(createdAt + 14 * 3_600_000).toISOString()
    expect(path.startsWith(join(folder, 'here', 'images', local.slice(0, 7)))).toBe(true)
    expect(path).toContain(local.slice(0, 13).replaceAll('-', '').replace('T', '-'))
    const { stdout: listed } = await runIn(options, 'history', '--data', 'here')
    expect(listed).toContain(local.slice(0, 13).replace('T', ' '))
  })

  it('says what has no effect, before the run and in its report', async () => {
    mkdirSync(join(data, 'wildcards'), { recursive: true })
    writeFileSync(join(data, 'wildcards', 'styled.txt'), 'ink <lora:ink:1>')
    const prompt = 'a cat <lora:cats:0.8>, __nothing__, __styled__, embedding:soft'
    const args = ['--prompt', prompt, '--negative', '(easynegative:1.2)', '--strength', '0.3', '--steps', '1']
    const { code, stdout, stderr } = await run('generate', ...args, '--device', 'cpu', '--json')
    expect(code, stderr).toBe(0)
    const said = [
      '--strength has no effect without --init',
      'No LoRA of this name was found, so this changes nothing: <lora:cats:0.8>',
      'There is no wildcard of this name, so it stands in the prompt as it is: __nothing__',
      'No embedding of this name was found, so this is read as plain words: embedding:soft, easynegative',
    ]
    const before = stderr.slice(0, stderr.indexOf('denoising'))
    const { warnings } = JSON.parse(stdout) as Report
    for (const words of [...said, '<lora:ink:1>']) {
      expect(warnings.join('\n')).toContain(words)
      expect(said.includes(words) ? before : stderr).toContain(words)
    }
    expect((await generate('--prompt', 'a cat')).warnings).toEqual([])
  })

  it('says each warning once', async () => {
    mkdirSync(join(data, 'wildcards'), { recursive: true })
    writeFileSync(join(data, 'wildcards', 'old.txt'), Buffer.from('caf\xe9', 'latin1'))
    writeFileSync(join(data, 'wildcards', 'later.txt'), '\n')
    const prompt = '__old__ __nothing__ __later__'
    const { code, stdout, stderr } = await run('generate', '--prompt', prompt, '--steps', '1', '--json')
    expect(code, stderr).toBe(0)
    const said = stderr.split('\n').filter((line) => line.startsWith('warning: '))
    for (const words of ['old.txt is not UTF-8', 'no wildcard of this name', 'has no line to choose'])
      expect(said.filter((line) => line.includes(words))).toHaveLength(1)
    expect(said).toHaveLength(3)
    expect((JSON.parse(stdout) as Report).warnings).toHaveLength(3)
  })

  it.each([
    [
      '--out',
      'x.gif',
      'bad-request',
      '--out: Pictures are written as .png, .jpg, .webp or .avif, not as .gif',
    ],
    ['--out', folder, 'bad-request', `--out: ${folder} is a folder`],
    ['--out', '', 'bad-request', '--out: must name a file'],
    ['--out', join(import.meta.filename, 'x.png'), 'read-only', 'is a file, not a folder'],
    ['--data', '', 'bad-request', '--data: must name a folder'],
    ['--data', import.meta.filename, 'read-only', 'is a file'],
    [
      '--seed',
      '1.5',
      'bad-request',
      'seed: must be a whole number from 0 to 18446744073709551615, found "1.5"',
    ],
    ['--seed', '-2', 'bad-request', 'seed: must be a whole number from 0'],
    ['--sampler', 'DPM+ 2M', 'bad-request', 'called "DPM+ 2M"; the nearest are DPM++ 2M, '],
    ['--schedule', 'karas', 'bad-request', 'called "karas"; the nearest are Karras, '],
  ])('refuses %s %j before any work', async (option, value, errorCode, words) => {
    const { code, stdout, stderr } = await run('generate', '--prompt', 'x', option, value)
    expect(stderr).toMatch(new RegExp(`^error ${errorCode}: `))
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('starting')
    expect(stdout).toBe('')
    expect(code).toBe(errorCode === 'bad-request' ? 2 : 1)
  })

  it('refuses two schedules, an option without its text, and words that belong to none', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await run('generate', ...args)
      expect(code).toBe(2)
      return stderr
    }
    const fused = ['--sampler', 'DPM++ 2M Karras', '--schedule', 'Beta']
    expect(await refused('--prompt', 'x', ...fused)).toContain('names the schedule Karras')
    expect(await refused('--prompt', '--json')).toContain('--prompt: something must stand behind it')
    expect(await refused('--prompt', 'a', 'cat')).toContain('"cat" belongs to no option')
    expect(await refused('--prompt', 'a', '--json=yes')).toContain('--json: takes nothing behind it')
  })

  it.each([
    [['--sampler', 'Eula'], 2, /^error bad-request: sampler: there is no sampler called "Eula"/],
    [['--size', '100x96'], 2, /^error bad-request: width: must be a multiple of 8/],
    [['--size', '4096x4096'], 2, /^error bad-request: width: must be at most 2048/],
    [['--size', '512'], 2, /^error bad-request: --size: must be like 512x512/],
    [['--steps', '0'], 2, /^error bad-request: steps: must be at least 1/],
    [['--strength', '1.5'], 2, /^error bad-request: denoiseStrength: must be at most 1/],
    [['--mask', 'mask.png'], 2, /^error bad-request: --mask, --outpaint: need --init/],
    [['--mask-blur', '4'], 2, /have no effect without --mask or --outpaint/],
    [['--init', 'a.png', '--outpaint', '0,0,8'], 2, /^error bad-request: --outpaint: must be the pixels/],
    [['--seed', '18446744073709551616'], 2, /^error bad-request: seed: must be a whole number/],
    [['--nonsense'], 2, /^error bad-request: Unknown option '--nonsense'/],
    [
      ['--smapler', 'Euler'],
      2,
      /^error bad-request: Unknown option '--smapler'. The nearest are --sampler, /,
    ],
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
    // The lock of opening stays; it is held for moments only.
    expect(readdirSync(join(data, 'locks'))).toEqual(['opening.lock'])
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

  it('serves a network to people who were added, and not before', async () => {
    expect(await run('serve', '--tls-cert', 'x')).toMatchObject({ code: 2 })
    const { code, stderr } = await run('serve', '--listen', '127.0.0.1')
    expect([code, stderr]).toEqual([2, expect.stringContaining('studio people --add NAME')])
    const { stdout } = await run('people', '--add', 'Ada', '--library', 'own')
    expect(stdout).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}\n$/)
    expect((await run('people')).stdout).toBe('own     Ada\n')
    const child = spawn(findNodeBinary(), [programPath('serve'), '--data', data, '--listen', '127.0.0.1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      if (lines.push(line) === 2) child.kill('SIGTERM')
    }
    expect(lines).toEqual([
      expect.stringMatching(/^Certificate's SHA-256 fingerprint: ([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/$/),
    ])
    expect(await run('people', '--remove', 'Eve')).toMatchObject({ code: 1 })
    expect(await run('people', '--remove', 'ada')).toMatchObject({ code: 0 })
    expect((await run('people')).stdout).toBe('')
  })

  it('refuses a port that is none', async () => {
    expect(await run('serve', '--port', '99999')).toMatchObject({ code: 2, stdout: '' })
    expect(await run('serve', '--port', 'x')).toMatchObject({ code: 2, stdout: '' })
    for (const port of ['1.5', '-1', '99999']) {
      const { stderr } = await run('serve', '--port', port)
      expect(stderr).toContain(`--port: must be a whole number from 0 to 65535, found "${port}"`)
    }
  })

  it('says when another program has the port', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, stderr } = await run('serve', '--port', String(port))
    taken.close()
    expect(stderr).toContain(`Port ${port} cannot be used: another program has it.`)
    expect(code).toBe(2)
  })
})
