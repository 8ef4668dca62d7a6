import type { NoiseSchedule } from './noiseSchedule.ts'
import { combine } from '../samplers/step.ts'
import type { Route, RouteRequest } from './route.ts'
import { compVisTimesteps, continuousSigmas } from './schedules/compVis.ts'
import { encodedSteps, endingAboveZero, stepsForAll } from './sigmaPlan.ts'

/**
 * The route of AUTOMATIC1111's own samplers where no schedule is chosen: DDIM and PLMS over CompVis' timesteps, UniPC
 * over continuous time. They keep variance preserving latents, and a
 * picture to start from gets the noise of one timestep before the one at which they begin. Null for others.
 */
export function timestepPlan({ request, beginning, method, options, model }: RouteRequest): Route | null {
  const kind = method.automaticTimes
  if (!kind || request.schedule !== 'Automatic' || options.home === 'ComfyUI') return null
  const known = model.noiseSchedule
  const fromPicture = beginning !== 'noise'
  const everyStep = beginning === 'enlarged picture'
  const planned = everyStep ? stepsForAll(request) : request.steps
  const ascending = compVisTimesteps(planned, known.sigmas.length)
  const strength = request.denoiseStrength
  const toDo = everyStep && strength > 0 ? request.steps - 1 : encodedSteps(planned, strength)
  const encoded = fromPicture ? toDo : ascending.length
  const kept = ascending.slice(0, encoded)
  // With a single timestep CompVis' samplers make no update at all.
  if (kept.length < 2) return null
  const way = kind === 'compVis' ? listed(kept, known) : continuous(kept, known, fromPicture)
  const [first, last] = [way.sigmas[0], way.sigmas.at(-1)!]
  const noised = fromPicture ? known.sigmas[ascending[encoded] ?? ascending.at(-1)!] : first
  const shift = Math.hypot(1, first) / Math.hypot(1, noised)
  const timesteps = new Map([...way.sigmas].map((sigma, i) => [sigma, way.timesteps[i]]))
  return {
    sigmas: way.sigmas,
    steps: way.sigmas.length - 1,
    timestepOf: (sigma) => timesteps.get(sigma) ?? known.sigmaToTimestep(sigma),
    brownian: null,
    kept: (sigma) => ({ picture: 1, noise: sigma }),
    start: (noise, init) =>
      init ? combine([shift, init], [shift * noised, noise]) : combine([Math.hypot(1, first), noise]),
    run(denoise, x, noise, left) {
      const over = left && method.stopsAboveZero ? endingAboveZero(left) : (left ?? way.sigmas)
      return method.sampler(denoise, x, over, noise, options)
    },
    finish: (x) => combine([1 / Math.hypot(1, last), x]),
  }
}

interface Way {
  sigmas: Float64Array
  timesteps: Float64Array
}

const listed = (ascending: readonly number[], { sigmas }: NoiseSchedule): Way => {
  const timesteps = Float64Array.from(ascending.toReversed())
  return { timesteps, sigmas: timesteps.map((t) => sigmas[t]) }
}

const continuous = (ascending: readonly number[], model: NoiseSchedule, fromPicture: boolean): Way =>
  continuousSigmas(ascending.length, model, fromPicture ? (ascending.at(-1)! + 1) / model.sigmas.length : 1)
