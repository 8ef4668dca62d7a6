import { describe, expect, it } from 'vitest'
import { guidance, unguided, type Predict } from '../../../src/engine/denoiser.ts'
import { methods, type Method } from '../../../src/engine/samplers/methods.ts'
import { restartSteps } from '../../../src/engine/samplers/restart.ts'
import type { Step } from '../../../src/engine/samplers/step.ts'
import { scheduleDefaults, scheduleSigmas } from '../../../src/engine/plan/schedules/schedule.ts'
import { denoise, options, stableDiffusion, start } from './gaussian.ts'

const named: [string, Method][] = Object.entries(methods)
const sigmasOf = (method: Method, steps: number): Float64Array =>
  scheduleSigmas(method.automatic, steps, scheduleDefaults(stableDiffusion, 'AUTOMATIC1111'))

async function stepsOf(method: Method, sigmas: Float64Array): Promise<Step[]> {
  const noise = (): Float32Array => Float32Array.from({ length: 16 }, (_, i) => Math.cos(7 * i))
  const run = method.sampler(denoise, start(sigmas[0]), sigmas, noise, { ...options, eta: method.eta })
  return Array.fromAsync(run)
}

/** DPM adaptive sizes its own steps. */
const counted = named.filter(([name]) => name !== 'DPM adaptive')

describe.each(counted)('%s', (_name, method) => {
  it.each([1, 2, 7, 20])('yields once for each of %i steps', async (steps) => {
    const sigmas = sigmasOf(method, steps)
    expect(await stepsOf(method, sigmas)).toHaveLength(method.yields?.(sigmas) ?? steps)
  })
})

describe.each(named)('%s', (_name, method) => {
  it('ends in finite latents near the data, and shows finite clean ones on the way', async () => {
    const yielded = await stepsOf(method, sigmasOf(method, 20))
    for (const { x, denoised } of yielded) expect([...x, ...denoised].every(Number.isFinite)).toBe(true)
    expect(Math.max(...yielded.at(-1)!.x.map(Math.abs))).toBeLessThan(5)
  })

  it('goes on from the array it yielded, so that a mask may change it in place', async () => {
    const sigmas = sigmasOf(method, 6)
    const run = (change: boolean) =>
      last(
        (async function* () {
          const steps = method.sampler(denoise, start(sigmas[0]), sigmas, () => new Float32Array(16), options)
          let count = 0
          for await (const step of steps) {
            if (change && ++count === 1) step.x.fill(5)
            yield step.x
          }
        })(),
      )
    expect([...(await run(true))!]).not.toEqual([...(await run(false))!])
  })
})

async function last<Value>(values: AsyncIterable<Value>): Promise<Value | undefined> {
  let found: Value | undefined
  for await (const value of values) found = value
  return found
}

it('a caller that stops asking stops the sampler: no evaluation comes after', async () => {
  let evaluations = 0
  const watched = (x: Float32Array, sigma: number) => (evaluations++, denoise(x, sigma))
  const sigmas = sigmasOf(methods.Euler, 20)
  let steps = 0
  for await (const _step of methods.Euler.sampler(
    watched,
    start(10),
    sigmas,
    () => new Float32Array(16),
    options,
  )) {
    if (++steps === 3) break
  }
  expect(evaluations).toBe(3)
})

it('the noise of an ancestral sampler is asked for with the sigmas of the step, and never at the end', async () => {
  const asked: [number, number][] = []
  const noise = (sigma: number, next: number) => (asked.push([sigma, next]), new Float32Array(16))
  const sigmas = sigmasOf(methods['Euler a'], 4)
  await Array.fromAsync(methods['Euler a'].sampler(denoise, start(10), sigmas, noise, { ...options, eta: 1 }))
  expect(asked).toEqual([
    [sigmas[0], sigmas[1]],
    [sigmas[1], sigmas[2]],
    [sigmas[2], sigmas[3]],
  ])
})

it('Restart goes up again once from 20 steps on and twice from 36 on, with as many steps as asked', () => {
  const ups = (steps: number): number => {
    const way = restartSteps(sigmasOf(methods.Restart, steps))
    expect(way).toHaveLength(steps)
    return way.filter(([sigma], i) => i > 0 && sigma > way[i - 1][1]).length
  }
  expect([ups(19), ups(20), ups(36)]).toEqual([0, 1, 2])
})

it('CFG++ at scale 1 is the conditional path with the unconditional noise direction', async () => {
  const conditional: Predict = async (x) => x.map((value) => 0.2 * value)
  const unconditional: Predict = async (x) => x.map((value) => 0.1 * value)
  const guided = guidance([{ predict: conditional, weight: 1 }], unconditional, {
    scale: 1,
    rescale: 0,
    rescaleSpace: 'epsilon',
    plusPlus: true,
  })
  const sigmas = Float64Array.of(10, 5)
  const [step] = await Array.fromAsync(
    methods['Euler CFG++'].sampler(guided, start(10), sigmas, () => start(0), options),
  )
  const expected = start(10).map((value) => 0.2 * value + 0.5 * (value - 0.1 * value))
  step.x.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5))
})

it('drawing unused noise moves churned noise to the index that k-diffusion gives it', async () => {
  const drawn = async (drawUnused: boolean): Promise<number> => {
    let count = 0
    const noise = () => (count++, new Float32Array(16))
    const sigmas = sigmasOf(methods.Euler, 10)
    const churn = { ...options, sChurn: 4, sTmin: 0.1, sTmax: 8, drawUnused }
    await Array.fromAsync(methods.Euler.sampler(async (x) => unguided(x), start(10), sigmas, noise, churn))
    return count
  }
  expect(await drawn(true)).toBe(10)
  expect(await drawn(false)).toBeLessThan(10)
})

it.each(['DPM fast', 'DPM adaptive'] as const)(
  '%s with a single step gives the prediction, not the noise',
  async (name) => {
    const yielded = await stepsOf(methods[name], sigmasOf(methods[name], 1))
    expect(yielded.map(({ x, denoised }) => x === denoised)).toEqual([true])
  },
)
