import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runGolden } from '../../scripts/golden.ts'
import { mersenneTwister } from '../../src/engine/random/mersenneTwister.ts'

const visible = join(import.meta.dirname, '..', 'golden')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A copy of a golden file with something changed. */
function changed(name: string, change: (json: any) => void): string {
  const json = JSON.parse(readFileSync(join(visible, name), 'utf8'))
  change(json)
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(json))
  return path
}

const shiftFirst = (base64: string, by: number): string => {
  const bytes = Buffer.from(base64, 'base64')
  bytes.writeFloatLE(bytes.readFloatLE(0) + by, 0)
  return bytes.toString('base64')
}

describe('a wrong number', () => {
  it.each([
    ['A_betas.json', (json: any) => (json.configs.sd1.alphas_cumprod_f64[3] *= 1 + 1e-9)],
    ['A_diffusers.json', (json: any) => (json.cases[5].timesteps[0] += 1)],
    ['A_comfy.json', (json: any) => (json.cases[5].sigmas[3] *= 1.0001)],
    ['A_kdiffusion_a1111.json', (json: any) => (json.cases[20].sigmas[1] *= 1.0001)],
    ['E_torch_rng.json', (json: any) => (json.cases[3].values[0] += 1e-5)],
    ['E_nv_philox.json', (json: any) => (json.cases[0].values[4] += 1e-5)],
    ['E_brownian_tree.json', (json: any) => (json.cases[2].queries[1].first8[0] += 1e-4)],
    [
      'E_variation_seed.json',
      (json: any) => (json.image_rng[0].first_base64 = shiftFirst(json.image_rng[0].first_base64, 1e-4)),
    ],
  ])('in %s fails that case and no other', async (name, change) => {
    const report = await runGolden([changed(name, change)])
    expect(report.failed).toBe(1)
  })

  it.each(['B_kdiffusion_a1111.json', 'B_comfy.json', 'B_diffusers.json'])(
    'in the last latents or a timestep of %s fails those cases',
    async (name) => {
      copyFileSync(join(visible, 'B_bank.json'), join(folder, 'B_bank.json'))
      const path = changed(name, ({ cases }) => {
        cases[0].xs_base64.push(shiftFirst(cases[0].xs_base64.pop(), 1e-3))
        cases[2].t_calls[1] += 1
      })
      const { cases } = await runGolden([path])
      expect(cases.filter(({ pass }) => !pass).map(({ name: failed }) => failed)).toEqual([
        cases[0].name,
        cases[2].name,
      ])
    },
  )
})

it('reads the constants of the toys and noises from the bank beside the trajectories', async () => {
  const bank = JSON.parse(readFileSync(join(visible, 'B_bank.json'), 'utf8'))
  bank.header.params.mu_a *= 2
  writeFileSync(join(folder, 'B_bank.json'), JSON.stringify(bank))
  const path = changed('B_kdiffusion_a1111.json', (json) => {
    json.cases = json.cases.filter(({ model }: any) => model === 'gauss').slice(0, 5)
  })
  expect(await runGolden([path])).toMatchObject({ passed: 0, failed: 5 })
})

it('fails a case it cannot run by its name and goes on with the others', async () => {
  copyFileSync(join(visible, 'B_bank.json'), join(folder, 'B_bank.json'))
  const path = changed('B_diffusers.json', ({ cases }) => (cases[1].class = 'NobodysScheduler'))
  const { cases, passed, failed } = await runGolden([path])
  expect([passed, failed]).toEqual([143, 1])
  expect(cases[1]).toMatchObject({ name: 'ddim eta 0.5', pass: false })
})

describe('the command', () => {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'golden.ts')
  const golden = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })

  it('prints one object with --json and exits 0 when everything passes', () => {
    const { status, stdout } = golden(join(visible, 'A_betas.json'), '--json')
    const report = JSON.parse(stdout)
    expect(status).toBe(0)
    expect(Object.keys(report).sort()).toEqual(['cases', 'declined', 'failed', 'passed'])
    expect(Object.keys(report.cases[0]).sort()).toEqual(
      ['kind', 'maxAbs', 'maxRel', 'name', 'note', 'pass', 'tolerance'].sort(),
    )
    expect(report).toMatchObject({ passed: 9, failed: 0 })
  })

  it('prints a line a case and a sum without --json', () => {
    const { stdout } = golden(join(visible, 'A_betas.json'))
    expect(stdout.trimEnd().split('\n')).toHaveLength(10)
    expect(stdout).toContain('9 passed, 0 failed, 0 declined')
  })

  it('exits 1 for a kind it does not know, a file that is no JSON and one that is not there', () => {
    const unknown = join(folder, 'unknown.json')
    writeFileSync(unknown, '{"header":{"kind":"Z9 something else"}}')
    const broken = join(folder, 'broken.json')
    writeFileSync(broken, '{')
    for (const path of [unknown, broken, join(folder, 'missing.json')]) expect(golden(path).status).toBe(1)
  })

  it('exits 2 when it is given nothing to run', () => {
    expect(golden('--json').status).toBe(2)
  })
})

describe('a pipeline run of several images with one seed', () => {
  it('gives each image its place in the draws of the one generator', async () => {
    const pipelines = join(visible, 'pipelines')
    for (const name of ['sd15', 'inputs', 'png']) symlinkSync(join(pipelines, name), join(folder, name))
    const json = JSON.parse(readFileSync(join(pipelines, 'sd15_runs.json'), 'utf8'))
    const run = json.runs.find(({ args }: any) => args.num_images_per_prompt === 2)
    const noise = mersenneTwister(42n).normals(512)
    const { cases } = JSON.parse(readFileSync(join(visible, 'E_torch_rng.json'), 'utf8'))
    const drawn = cases.find(
      ({ op, seed, shape }: any) => op === 'randn' && seed === '42' && String(shape) === '2,4,8,8',
    )
    expect([...noise.slice(0, 8)]).toEqual(drawn.first8.map((value: number) => expect.closeTo(value, 5)))
    expect([...noise.slice(-8)]).toEqual(drawn.last8.map((value: number) => expect.closeTo(value, 5)))
    // Without and with the prompt, each for both images.
    const inputs = Buffer.from(Float32Array.from([...noise, ...noise]).buffer).toString('base64')
    const first_call = { ...run.first_call, x_base64: inputs }
    const path = join(folder, 'runs.json')
    writeFileSync(path, JSON.stringify({ ...json, runs: [{ ...run, seed: 42, first_call }] }))
    const [{ note, maxAbs }] = (await runGolden([path])).cases
    // The latents are of other seeds; what is drawn and told to the network is compared part by part.
    expect(maxAbs).toBeGreaterThan(0.1)
    expect(note).toContain('final latents')
    expect(note).not.toMatch(/first input|context|timesteps|could not/)
  }, 60_000)
})
