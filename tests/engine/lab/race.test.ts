import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineTask } from '../../../src/shared/engine/engineContract.ts'
import type { EngineRaceRun } from '../../../src/shared/engine/engineLooks.ts'
import { racedRequest, type RaceRules } from '../../../src/shared/calls/raceCalls.ts'
import {
  generationRequestSchema,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../../src/shared/request/request.ts'
import type { SamplerName } from '../../../src/shared/models/samplers.ts'
import { evaluationsOf, raceChoices, raceRun, stepsWithin } from '../../../src/engine/lab/race.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { paint } from '../../../src/engine/pipeline.ts'
import type { SampledModel } from '../../../src/engine/plan/route.ts'
import type { Opened } from '../../../src/engine/predictions.ts'
import { openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'
import { stableDiffusion } from '../samplers/gaussian.ts'

const request = (input: GenerationRequestInput): ResolvedRequest =>
  racedRequest({ ...generationRequestSchema.parse(input), seed: 7, width: 64, height: 64 })

const diffusion: SampledModel = {
  noiseSchedule: stableDiffusion,
  predictionType: 'epsilon',
  schedulerConfig: null,
}
const flow: SampledModel = { ...diffusion, predictionType: 'flow' }

describe('equal evaluations', () => {
  it.each<[SamplerName, number]>([
    ['Euler', 12],
    ['DPM++ 2M', 12],
    ['UniPC bh2', 12],
    ['DPM fast', 12],
    // Once more at the beginning.
    ['PLMS', 11],
    // Twice in every step but the last: 2 n - 1.
    ['Heun', 6],
    ['DPM++ SDE', 6],
    ['DPM2 a', 6],
    // Three times: 3 n - 2 and 3 n - 3.
    ['SEEDS 3', 4],
    ['HeunPP2', 5],
  ])('%s makes %i steps of 12 evaluations', async (sampler, steps) => {
    const asked = request({ sampler, schedule: 'Normal' })
    expect(await stepsWithin(asked, diffusion, 12)).toBe(steps)
    expect(await evaluationsOf({ ...asked, steps }, diffusion)).toBeLessThanOrEqual(12)
    expect(await evaluationsOf({ ...asked, steps: steps + 1 }, diffusion)).toBeGreaterThan(12)
  })

  it('a sampler that sizes its own steps is refused', async () => {
    await expect(stepsWithin(request({ sampler: 'DPM adaptive' }), diffusion, 12)).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})

it('a model of noise schedules takes all that can be counted, a flow model what works on it', () => {
  const all = raceChoices(request({}), diffusion)
  expect(all.samplers.filter(({ problem }) => problem !== null).map(({ name }) => name)).toEqual([
    'DPM adaptive',
  ])
  expect(all.schedules.every(({ problem }) => problem === null)).toBe(true)
  const few = raceChoices(request({}), flow)
  const taken = few.samplers.filter(({ problem }) => problem === null).map(({ name }) => name)
  expect(taken).toContain('Heun')
  expect(taken).not.toContain('DPM++ SDE')
  expect(few.samplers.find(({ name }) => name === 'DDPM')!.problem?.message).toContain('flow')
  expect(few.schedules.find(({ name }) => name === 'Align Your Steps')!.problem?.message).toContain('flow')
})

describe('runs of the starter', () => {
  const folder = fileURLToPath(new URL('../../../resources/models/starter', import.meta.url))
  let starter: Opened
  beforeAll(async () => {
    const model = await openModel(folder, 'cpu')
    starter = { model, tokenizers: await openTokenizers(model) }
  })
  afterAll(() => starter.model.release())

  async function run(
    input: GenerationRequestInput,
    rules: Partial<RaceRules> = {},
  ): Promise<EngineRaceRun & { heard: number }> {
    const asked = request({ prompt: 'a blue circle', guidanceScale: 1, schedule: 'Normal', ...input })
    const task = { request: asked, controls: [] as EngineTask['controls'] } as EngineTask
    let heard = 0
    const done = await raceRun(
      starter,
      task,
      { evaluations: 3, otherNoise: false, guesses: true, ...rules },
      {
        stopIfCancelled: () => {},
        tell: () => {},
        guessed: () => heard++,
      },
    )
    return { ...done, heard }
  }

  it('a run ends where a picture of that sampler ends, and tells of every guess', async () => {
    const raced = await run({ sampler: 'Heun' })
    expect(raced).toMatchObject({ steps: 2, evaluations: 3, heard: 3, channels: 4 })
    expect(raced.guesses).toHaveLength(3)
    const plain = request({
      prompt: 'a blue circle',
      guidanceScale: 1,
      sampler: 'Heun',
      schedule: 'Normal',
      steps: 2,
    })
    const subject = { request: plain, index: 0, initImage: null, mask: null }
    for await (const { finished } of paint(starter.model, starter.tokenizers, subject, () => {}))
      if (finished) expect(raced.latents).toEqual(finished.data)
  })

  it.each<[SamplerName, boolean]>([
    ['Euler', false],
    ['UniPC bh2', false],
    ['Euler a', true],
    ['DPM++ SDE', true],
    ['DDPM', true],
  ])('%s: another noise changes where it ends: %s', async (sampler, wanders) => {
    const own = await run({ sampler }, { guesses: false })
    const other = await run({ sampler }, { guesses: false, otherNoise: true })
    expect(own.heard + own.guesses.length).toBe(0)
    expect(own.latents.some((value, i) => value !== other.latents[i])).toBe(wanders)
  })
})
