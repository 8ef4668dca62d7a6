import { isDeepStrictEqual } from 'node:util'
import type { Leg } from '../shared/request/legs.ts'
import { StudioError } from '../shared/errors.ts'
import type { Denoise } from './denoiser.ts'
import { noiseSchedule } from './plan/noiseSchedule.ts'
import { planSampling, type SamplingPlan } from './plan/sampling.ts'
import type { Beginning, SampledModel } from './plan/route.ts'
import { encodeTexts, openPredictions, type Circumstances, type Opened } from './predictions.ts'
import type { TurningNoise } from './random/turningNoise.ts'
import type { Step } from './samplers/step.ts'
import type { Model } from './model/model.ts'

/** A run that is a branch goes through several legs: how it turns from one to the next. */

/** A leg under way. */
export interface RunningLeg {
  opened: Opened
  request: Leg['request']
  plan: SamplingPlan
  predict: Denoise
}

/** What a turn needs to know. */
export interface Turning {
  circumstances: Circumstances
  beginning: Beginning
  noise: TurningNoise
  /** The model of a leg, by its number; left out: all have the same. */
  open: ((leg: number) => Promise<Opened>) | undefined
}

/** Legs of a run one after the other: which one predicts, and where the last one has to begin. */
export interface Legs {
  now(): RunningLeg
  /** To be asked before every evaluation at x and sigma. Throws `AnotherWay` where another sampler goes on from there. */
  turn(x: Float32Array, sigma: number, denoise: Denoise): Promise<void>
  /** Throws `bad-request` when the run ended before its last turn. */
  checkDone(): void
}

/** Thrown through a sampler that is to go no further: the steps go on another way. */
class AnotherWay extends Error {
  readonly steps: Steps
  constructor(steps: Steps) {
    super('Another sampler goes on from here.')
    this.steps = steps
  }
}
type Steps = AsyncGenerator<Step, void, undefined>

/** The steps of a way, and then of those that take over from it. */
export async function* throughTurns(steps: Steps): Steps {
  for (let way: Steps | null = steps; way;) {
    const current: Steps = way
    way = null
    try {
      yield* current
    } catch (turn) {
      if (!(turn instanceof AnotherWay)) throw turn
      way = turn.steps
    }
  }
}

export function runLegs(first: RunningLeg, later: readonly Leg[], turning: Turning): Legs {
  const { circumstances, noise } = turning
  const { place, plan } = circumstances
  let now = first
  let turns = 0

  async function turnTo(leg: Leg, x: Float32Array, sigma: number, denoise: Denoise): Promise<void> {
    const before = now.request
    turns++
    // Predictions that stay the same go on with what they know of those before.
    if (!isDeepStrictEqual(leg.request, before)) now = await runningLeg(leg, turns, now.opened, turning)
    noise.turn(leg.laterSeed, now.plan.brownian && rangeOf(plan.sigmas))
    if (leg.request.sampler === before.sampler && leg.request.model === before.model) return
    // The first thing that the other sampler asks for is this very prediction.
    place.evaluation--
    throw new AnotherWay(now.plan.run(denoise, x, noise.step, leftOf(plan.sigmas, sigma)))
  }

  return {
    now: () => now,
    async turn(x, sigma, denoise) {
      const next = later[turns]
      if (next?.from === place.evaluation) await turnTo(next, x, sigma, denoise)
    },
    checkDone() {
      const missed = later[turns]
      if (!missed) return
      const message = `branch: it begins at prediction ${missed.from + 1}, and the run has only ${place.evaluation + 1}. Choose an earlier one.`
      throw new StudioError('bad-request', message)
    },
  }
}

async function runningLeg(
  { request }: Leg,
  number: number,
  before: Opened,
  { circumstances, beginning, open }: Turning,
): Promise<RunningLeg> {
  const opened = open ? await open(number) : before
  const { model } = opened
  const plan = planSampling(request, sampledModel(model), beginning)
  const texts = await encodeTexts(opened, request, circumstances)
  const predict = await openPredictions({ model, request, texts, plan }, circumstances)
  return { opened, request, plan, predict }
}

/** What planning needs of a model. */
export const sampledModel = (model: Model): SampledModel => ({
  ...model,
  noiseSchedule: noiseSchedule(model.noiseSchedule),
  ofPixels: model.latentScale === 1,
  flowMu: model.family.flowMu,
})

/** A sigma and those below it. */
const leftOf = (sigmas: Float64Array, from: number): Float64Array =>
  Float64Array.of(from, ...sigmas.filter((sigma) => sigma < from * (1 - rounding)))

/** Sigmas may be told rounded to float32. */
const rounding = 1e-6

const rangeOf = (sigmas: Float64Array): SamplingPlan['brownian'] => ({
  min: Math.min(...sigmas.filter((sigma) => sigma > 0)),
  max: sigmas[0],
})
