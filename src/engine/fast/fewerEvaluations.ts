import type { Fast } from '../../shared/request/fast.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { SamplerName } from '../../shared/models/samplers.ts'
import {
  guidance,
  isUnguided,
  type Condition,
  type Denoise,
  type Guidance,
  type Predict,
  type PredictAll,
} from '../denoiser.ts'
import { forecasting } from './forecast.ts'
import { guideWhereItCounts, isInside } from './guideWhereItCounts.ts'

/** What fewer evaluations depend on beside the predictions. */
export interface Circumstances {
  /** What a prediction at a sigma depends on besides x: prompts that change on the way, control pictures that end. */
  question(sigma: number): readonly unknown[]
  /** The noise levels on the way, descending; the last is not evaluated. */
  sigmas: Float64Array
}

/** What a guided prediction is made of. */
export interface Guided {
  conditions: readonly Condition[]
  unconditional: Predict
  settings: Guidance
  /** All predictions of a guided one at once, where the model is to make them so. */
  all?: PredictAll | undefined
}

/** Guided predictions as a request wants them: each computed, or some of them left out as its `fast` says. */
export function guidedPredictions(
  { conditions, unconditional, settings, all }: Guided,
  { fast, sampler }: Pick<ResolvedRequest, 'fast' | 'sampler'>,
  { question, sigmas }: Circumstances,
): Denoise {
  const guided = guidance(conditions, unconditional, settings, all)
  if (!fast) return guided
  const { interval, ...reach } = reachOf(fast, conditions, settings)
  const unguided = guidance(conditions, unconditional, { ...settings, scale: 1 })
  const reaching = guideWhereItCounts(guided, unguided, { interval, ...reach })
  if (fast.forecast === null || sigmas.length <= fewestSteps || isUnfit(sampler)) return reaching
  return forecasting(reaching, {
    tolerance: fast.forecast,
    question: (sigma) => [...question(sigma), isInside(interval, sigma)],
    lastSigma: sigmas.at(-2) ?? Infinity,
  })
}

/**
 * Whether every prediction is made of exactly two: with no guidance it is made of one, of prompts joined by AND of more, and
 * Fast leaves one of them out.
 */
export function isAlwaysOfTwo(
  conditions: readonly Pick<Condition, 'weight'>[],
  settings: Guidance,
  fast: Fast | null,
): boolean {
  if (conditions.length !== 1 || isUnguided(conditions, settings)) return false
  if (!fast) return true
  const { agreement, interval } = reachOf(fast, conditions, settings)
  return agreement === null && interval === null
}

/** Of fewer than these there is none to spare. */
const fewestSteps = 10

/** That sampler sizes its steps by how predictions differ: it would take forecast ones for proof of a smooth way. */
const isUnfit = (sampler: SamplerName): boolean => sampler === 'DPM adaptive'

/** CFG++ needs the unconditional prediction at every step, and of prompts joined by AND none stands for all. */
const reachOf = (
  { agreement, guidanceInterval }: Fast,
  conditions: readonly Pick<Condition, 'weight'>[],
  { plusPlus }: Guidance,
): { agreement: number | null; interval: Fast['guidanceInterval'] } =>
  plusPlus || conditions.length > 1
    ? { agreement: null, interval: null }
    : { agreement, interval: guidanceInterval }
