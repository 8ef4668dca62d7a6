import { StudioError } from '../../../shared/errors.ts'
import type { ResolvedRequest } from '../../../shared/request/request.ts'
import { methods, type MethodOptions } from '../../samplers/methods.ts'
import { combine, type Sampler } from '../../samplers/step.ts'
import type { Beginning, Route, SampledModel } from '../route.ts'
import { scheduleDefaults, scheduleSigmas, type ComputedSchedule } from '../schedules/schedule.ts'
import { noSteps, stepsForAll } from '../sigmaPlan.ts'
import { flowLevels } from './flowLevels.ts'
import { flowForms, followsFlow } from './flowSamplers.ts'
import { evenlyShifted, flowShift, shiftOf, shiftedLevels } from './timeShift.ts'

/** Schedules that are formulas of sigma or of timesteps, whatever the model. */
const spacesFlow: readonly ComputedSchedule[] = [
  'Normal',
  'Simple',
  'SGM Uniform',
  'DDIM',
  'Beta',
  'Karras',
  'Exponential',
  'Polyexponential',
  'KL Optimal',
  'Linear Quadratic',
]

/** The route of a flow model: evenly shifted steps as diffusers has them, or one of ComfyUI's schedules over its levels. */
export function flowPlan(request: ResolvedRequest, model: SampledModel, beginning: Beginning): Route {
  const everyStep =
    beginning !== 'noise' && (request.seedConvention === 'ComfyUI' || beginning === 'enlarged picture')
  const steps = everyStep ? stepsForAll(request) : request.steps
  const shift = shiftFor(request, model, steps)
  const options: MethodOptions = {
    home: 'ComfyUI',
    model: flowLevels(shift),
    eta: request.eta ?? (request.sampler === 'Model default' ? 0 : methods[request.sampler].eta),
    sNoise: request.sNoise,
    sChurn: 0,
    sTmin: 0,
    sTmax: Infinity,
    drawUnused: false,
  }
  const sampler = flowSampler(request.sampler)
  const all = flowSigmas(request, options, shift, steps)
  const sigmas = beginning === 'noise' ? all : ofPicture(request, all, everyStep)
  return {
    sigmas,
    steps: Math.max(0, sigmas.length - 1),
    timestepOf: (sigma) => 1000 * sigma,
    brownian: null,
    kept: (sigma) => ({ picture: 1 - sigma, noise: sigma }),
    start(noise, init) {
      const sigma = sigmas[0] ?? 0
      return init ? combine([1 - sigma, init], [sigma, noise]) : combine([sigma, noise])
    },
    run: (denoise, x, noise, left = sigmas) =>
      left.length < 2 ? noSteps() : sampler(denoise, x, left, noise, options),
    finish: (x) => x,
  }
}

/** By a formula of the family, else as the model's scheduler says. */
function shiftFor(
  request: ResolvedRequest,
  { flowMu, schedulerConfig }: SampledModel,
  steps: number,
): number {
  const tokens = flowTokens(request)
  return flowMu ? Math.exp(flowMu(tokens, steps)) : shiftOf(flowShift(schedulerConfig ?? {}), tokens)
}

/** Two by two latents of eight pixels each are a token. */
const flowTokens = ({ width, height }: ResolvedRequest): number => (width / 16) * (height / 16)

function flowSampler(name: ResolvedRequest['sampler']): Sampler<MethodOptions> {
  if (name === 'Model default') return methods.Euler.sampler
  const own = flowForms[name]
  if (own) return own
  if (followsFlow.includes(name)) return methods[name].sampler
  const known = [...followsFlow, ...Object.keys(flowForms)].join(', ')
  throw new StudioError(
    'bad-request',
    `sampler: ${name} does not work on a flow matching model. Choose "Model default" or one of ${known}.`,
  )
}

function flowSigmas(
  { schedule, rho, sigmas }: ResolvedRequest,
  { model, home }: MethodOptions,
  shift: number,
  steps: number,
): Float64Array {
  if (sigmas) return shiftedLevels(sigmas, shift)
  if (schedule === 'Automatic' || schedule === 'Model default') return evenlyShifted(steps, shift)
  if (spacesFlow.includes(schedule))
    return scheduleSigmas(schedule, steps, { ...scheduleDefaults(model, home), rho })
  throw new StudioError(
    'bad-request',
    `schedule: ${schedule} is not made for flow matching models. Choose "Automatic" or one of ${spacesFlow.join(', ')}.`,
  )
}

/** What a picture's strength leaves of the steps, as diffusers' flow pipelines count them (get_timesteps). */
function ofPicture(
  { steps, denoiseStrength: strength }: ResolvedRequest,
  sigmas: Float64Array,
  everyStep: boolean,
): Float64Array {
  if (strength === 0) return new Float64Array()
  if (everyStep) return sigmas.slice(-(steps + 1))
  const planned = sigmas.length - 1
  return sigmas.slice(Math.trunc(Math.max(planned - Math.min(planned * strength, planned), 0)))
}
