import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  guidance,
  denoiser,
  unguided,
  type Denoise,
  type Network,
  type PredictionType,
} from '../../src/engine/denoiser.ts'
import { noiseSchedule, type NoiseSchedule } from '../../src/engine/plan/noiseSchedule.ts'
import type { Noise } from '../../src/engine/samplers/step.ts'
import { floats } from './numbers.ts'

/** The toy networks, noises and starting picture that trajectories are made of: B_bank.json beside the file. */
export interface Bank {
  params: Record<string, number>
  noises: Float32Array[]
  initImage: Float32Array
  /** The noise schedule of the toys' own sigma(t). */
  schedule: NoiseSchedule
}

export function readBank(folder: string): Bank {
  const json = JSON.parse(readFileSync(join(folder, 'B_bank.json'), 'utf8'))
  return {
    params: json.header.params,
    noises: json.noise_base64.map(floats),
    initImage: floats(json.init_image_base64),
    schedule: toySchedule(json.header),
  }
}

/** The formula in words names its betas: "scaled_linear(0.00085,0.012,1000)". */
function toySchedule(header: { formulas: Record<string, string> }): NoiseSchedule {
  const text = Object.values(header.formulas).join(' ')
  const match = /(scaled_linear|linear|squaredcos_cap_v2)\(([\d.e-]+),\s*([\d.e-]+),\s*(\d+)\)/.exec(text)
  if (!match) throw new Error('B_bank.json does not say which betas its toys are made with')
  return noiseSchedule({
    betaSchedule: match[1] as 'scaled_linear',
    betaStart: Number(match[2]),
    betaEnd: Number(match[3]),
    trainSteps: Number(match[4]),
    rescaleZeroTerminalSnr: false,
  })
}

export type ToyName = 'gauss' | 'tanh'

/** A toy network for the conditional or the unconditional prompt. */
export function toyNetwork(
  bank: Bank,
  name: ToyName,
  prediction: PredictionType,
  conditional: boolean,
): Network {
  const p = bank.params
  const names = conditional
    ? { a: p.mu_a, w: p.mu_w, phase: p.mu_p, sd: p.s, c: [p.c1, p.c2, p.w2, p.c3, p.c4, p.c5] }
    : { a: p.un_a, w: p.un_w, phase: p.un_p, sd: p.un_s, c: [p.u1, p.u2, p.uw, p.u3, p.u4, p.u5] }
  const [c1, c2, w2, c3, c4, c5] = names.c as [number, number, number, number, number, number]
  const { a, w, phase, sd } = names as { a: number; w: number; phase: number; sd: number }
  if (name === 'tanh') {
    return async (x, t) =>
      x.map((value, k) => Math.tanh(c1 * value + c2 * Math.sin(w2 * k)) + c3 * Math.sin(c4 * value + c5 * t))
  }
  return async (x, t) => {
    const sigma = bank.schedule.timestepToSigma(t)
    const r = Math.sqrt(1 + sigma * sigma)
    return x.map((value, k) => {
      const eps = (sigma * (value * r - a * Math.sin(w * k + phase))) / (sd * sd + sigma * sigma)
      return prediction === 'v_prediction' ? (eps - (sigma / r) * value) * r : eps
    })
  }
}

/** A denoiser around a toy, and what it was called with. */
export interface ToyRun {
  denoise: Denoise
  /** x, sigma and the network's timestep of every evaluation. */
  calls: { x: Float32Array; sigma: number; timestep: number }[]
  noise: Noise
  /** Indices of the noises drawn. */
  drawn: number[]
}

export interface ToyOptions {
  model: ToyName
  prediction: PredictionType
  /** `call` counts the evaluations from 0. */
  timestepOf: (sigma: number, call: number) => number
  cfg: number | null
  rescale?: number
  rescaleSpace?: PredictionType
  plusPlus?: boolean
}

export function toyRun(bank: Bank, options: ToyOptions): ToyRun {
  const calls: ToyRun['calls'] = []
  const drawn: number[] = []
  const predict = (conditional: boolean) =>
    denoiser(
      toyNetwork(bank, options.model, options.prediction, conditional),
      options.prediction,
      () => calls.at(-1)!.timestep,
    )
  const conditional = predict(true)
  const guided: Denoise =
    options.cfg === null
      ? async (x, sigma) => unguided(await conditional(x, sigma))
      : guidance([{ predict: conditional, weight: 1 }], predict(false), {
          scale: options.cfg,
          rescale: options.rescale ?? 0,
          rescaleSpace: options.rescaleSpace ?? options.prediction,
          plusPlus: options.plusPlus ?? false,
        })
  return {
    calls,
    drawn,
    denoise: (x, sigma) => {
      calls.push({ x, sigma, timestep: options.timestepOf(sigma, calls.length) })
      return guided(x, sigma)
    },
    noise: () => {
      drawn.push(drawn.length + 1)
      return bank.noises[drawn.length]
    },
  }
}
