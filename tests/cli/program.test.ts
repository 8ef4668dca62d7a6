import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf, buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { findNodeBinary } from '../../src/studio/paths.ts'

/** The program `studio`: its commands by name, help, completion, and pipes. */

const folder = mkdtempSync(join(tmpdir(), 'latent-studio-program-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = fileURLToPath(new URL('../../src/cli/studio.ts', import.meta.url))
const env = { ...process.env, LATENT_STUDIO_DATA: join(folder, 'data') }

vi.setConfig({ testTimeout: 240_000 })

async function studio(args: readonly string[], input: string | Buffer = '') {
  const child = spawn(findNodeBinary(), [program, ...args], { env })
  child.stdin.on('error', () => {}).end(input)
  const [bytes, stderr, code] = await Promise.all([
    buffer(child.stdout),
    textOf(child.stderr),
    new Promise((done) => child.on('close', done)),
  ])
  return { bytes, stdout: bytes.toString(), stderr, code }
}
const small = ['--steps', '1', '--size', '64x64', '--device', 'cpu']

describe('help', () => {
  it('lists every command, and tells of each option of one, as --help does', async () => {
    const { stdout } = await studio([])
    for (const name of ['generate', 'grid', 'upscale', 'history', 'serve', 'completion'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\w`, 'm'))
    const page = await studio(['help', 'generate'])
    expect(page).toMatchObject({ code: 0, stderr: '' })
    expect(page.stdout).toMatch(/^SYNOPSIS\n {4}studio generate --prompt TEXT \[OPTION\]\.\.\.$/m)
    expect(page.stdout.replaceAll(/\s+/g, ' ')).toContain(
      '--masked-content CONTENT What the masked part begins with. One of: fill, original, noise, nothing.',
    )
    for (const line of page.stdout.split('\n').filter((row) => !row.includes('studio ')))
      expect(line.length).toBeLessThanOrEqual(80)
    expect((await studio(['generate', '--help'])).stdout).toBe(page.stdout)
  })

  it('names the nearest command, and how one is used, where that is wrong', async () => {
    const unknown = await studio(['genrate'])
    expect(unknown).toMatchObject({ code: 2, stdout: '' })
    expect(unknown.stderr).toContain('There is no command "genrate"; the nearest are generate')
    const used = await studio(['upscale'])
    expect(used.code).toBe(2)
    expect(used.stderr).toContain('Usage: studio upscale FILE [OPTION]...')
  })
})

it.skipIf(process.platform === 'win32')('bash completes commands, options and what they may be', async () => {
  const script = join(folder, 'completion.bash')
  writeFileSync(script, (await studio(['completion', 'bash'])).stdout)
  const completed = (...words: string[]): string[] => {
    const line =
      'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _studio; printf "%s\\n" "${COMPREPLY[@]}"'
    const { stdout } = spawnSync('bash', ['-c', line, script, 'studio', ...words], {
      encoding: 'utf8',
      cwd: folder,
    })
    return stdout.trim().split('\n')
  }
  expect(completed('ge')).toEqual(['generate'])
  expect(completed('generate', '--samp')).toEqual(['--sampler'])
  expect(completed('generate', '--sampler', 'DPM++ 2M S')).toEqual(['DPM++ 2M SDE', 'DPM++ 2M SDE Heun'])
  expect(completed('generate', '--init', 'compl')).toEqual(['completion.bash'])
  expect(completed('help', 'hi')).toEqual(['history'])
})

describe('pipes', () => {
  it('a prompt comes in and a picture goes out, from one command into the next', async () => {
    const drawn = await studio(
      ['generate', '--prompt', '-', '--seed', '1', '--out', '-', ...small],
      'a red house\n',
    )
    expect(drawn.code, drawn.stderr).toBe(0)
    expect(await sharp(drawn.bytes).metadata()).toMatchObject({ format: 'png', width: 64 })
    const told = await studio(['inspect', '-', '--json'], drawn.bytes)
    expect(JSON.parse(told.stdout)).toMatchObject({ file: '-', request: { prompt: 'a red house', seed: 1 } })
    const larger = await studio(['upscale', '-', '--out', '-'], drawn.bytes)
    expect(await sharp(larger.bytes).metadata()).toMatchObject({ format: 'png', width: 128 })
  })

  it('only one thing can come in, and only one picture go out', async () => {
    const two = await studio(['generate', '--prompt', '-', '--init', '-'], 'x')
    expect(two).toMatchObject({ code: 2, stdout: '' })
    expect(two.stderr).toContain('--prompt, --init: one of them can read the standard input.')
    const many = await studio(['generate', '--prompt', 'x', '--batch', '2', '--out', '-'])
    expect(many).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('files of requests', () => {
  const lines = (stdout: string): unknown[] =>
    stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))

  it('each line is a job; one that fails is told, as is a field that means nothing, and the others are made', async () => {
    const requests = [
      { prompt: 'a fox', seed: 3, promt: 'x', hires: { scael: 2 } },
      { prompt: 'a fox', steps: -4 },
      { prompt: 'a hill', width: 128 },
    ]
    const made = await studio(
      ['generate', '--requests', '-', '--json', ...small],
      requests.map((request) => JSON.stringify(request)).join('\n'),
    )
    expect(made.code).toBe(1)
    expect(made.stderr).toContain('1 of 3 lines made no picture.')
    expect(lines(made.stdout)).toMatchObject([
      { images: [{ seed: 3 }], warnings: ['line 1: not a field of a request: promt, hires.scael.'] },
      { line: 2, error: { code: 'bad-request', message: 'steps: must be at least 1, found -4.' } },
      { images: [{ width: 128, height: 64 }] },
    ])
  })

  it('prompts stand on lines of their own, pictures are numbered through, and the history is as many lines', async () => {
    const file = join(folder, 'prompts.txt')
    writeFileSync(file, '# two\na boat\r\n\na bridge\n')
    const made = await studio(['generate', '--prompts', file, '--out', join(folder, 'one.png'), ...small])
    expect(made.stdout).toBe(`${join(folder, 'one.png')}\n${join(folder, 'one-2.png')}\n`)
    const listed = lines((await studio(['history', '--jsonl', '--search', 'a b'])).stdout)
    expect(listed).toMatchObject([{ request: { prompt: 'a bridge' } }, { request: { prompt: 'a boat' } }])
  })

  it('a file without a prompt, or with a line that is no JSON, is refused before anything is drawn', async () => {
    const empty = await studio(['generate', '--prompts', '-'], '# nothing\n')
    expect(empty).toMatchObject({ code: 2, stdout: '' })
    const broken = await studio(['generate', '--requests', '-'], '{"prompt": "a"}\n{"prompt"\n')
    expect(broken).toMatchObject({ code: 2, stdout: '' })
    expect(broken.stderr).toContain('--requests: line 2 is no JSON')
  })
})
