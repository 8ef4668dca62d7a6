import { StudioError } from '../../../shared/errors.ts'
import type { SigmaSpacing, TimestepSpacing } from './timesteps.ts'

/** diffusers' scheduler classes that can be followed. */
const classes = [
  'DDIMScheduler',
  'DDPMScheduler',
  'DEISMultistepScheduler',
  'DPMSolverMultistepScheduler',
  'DPMSolverSDEScheduler',
  'DPMSolverSinglestepScheduler',
  'EulerAncestralDiscreteScheduler',
  'EulerDiscreteScheduler',
  'HeunDiscreteScheduler',
  'KDPM2AncestralDiscreteScheduler',
  'KDPM2DiscreteScheduler',
  'LCMScheduler',
  'LMSDiscreteScheduler',
  'PNDMScheduler',
  'SASolverScheduler',
  'TCDScheduler',
  'UniPCMultistepScheduler',
] as const
export type SchedulerClass = (typeof classes)[number]

/** A scheduler_config.json, read entry by entry; what it leaves out is as the class has it by default. */
export interface SchedulerConfig {
  class: SchedulerClass
  spacing: TimestepSpacing
  stepsOffset: number
  sigmaSpacing: SigmaSpacing
  flag(name: string, byDefault: boolean): boolean
  number(name: string, byDefault: number): number
  /** Throws `unsupported-model` when the entry is none of the choices. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], byDefault: Choice): Choice
  numbers(name: string): readonly number[]
}

/** Reads a diffusers scheduler_config.json. Throws `unsupported-model` for a class that is not known here. */
export function readSchedulerConfig(json: Record<string, unknown>): SchedulerConfig {
  const name = classes.find((known) => known === json._class_name)
  if (!name) {
    throw new StudioError(
      'unsupported-model',
      `The model's scheduler is ${String(json._class_name)}, which is not among ${classes.join(', ')}. ` +
        'Choose a sampler by name instead of "Model default".',
    )
  }
  const choice: SchedulerConfig['choice'] = (entry, choices, byDefault) => {
    const value = json[entry] ?? byDefault
    const found = choices.find((known) => known === value)
    if (found) return found
    throw new StudioError(
      'unsupported-model',
      `The model's scheduler_config.json has ${entry} ${JSON.stringify(value)}; known are ${choices.join(', ')}. ` +
        'Choose a sampler by name instead of "Model default".',
    )
  }
  const flag = (entry: string, byDefault: boolean): boolean => Boolean(json[entry] ?? byDefault)
  const number = (entry: string, byDefault: number): number => finite(json[entry]) ?? byDefault
  return {
    class: name,
    spacing: choice('timestep_spacing', ['leading', 'trailing', 'linspace'], spacingByDefault(name)),
    stepsOffset: number('steps_offset', 0),
    sigmaSpacing: sigmaSpacing(json, flag),
    flag,
    number,
    choice,
    numbers: (entry) => (Array.isArray(json[entry]) ? json[entry].map(Number) : []),
  }
}

/** Settings that together divide by zero in the last step, where the last sigma is 0 unless the config says otherwise. */
const divisions: readonly {
  classes: readonly SchedulerClass[]
  setting: string
  values: readonly unknown[]
  byDefault: unknown
  instead: string
}[] = [
  {
    classes: ['DPMSolverMultistepScheduler', 'DPMSolverSinglestepScheduler'],
    setting: 'algorithm_type',
    values: ['dpmsolver', 'sde-dpmsolver'],
    byDefault: 'dpmsolver++',
    instead: '"dpmsolver++"',
  },
  {
    classes: ['UniPCMultistepScheduler'],
    setting: 'predict_x0',
    values: [false],
    byDefault: true,
    instead: 'true',
  },
  {
    classes: ['UniPCMultistepScheduler'],
    setting: 'lower_order_final',
    values: [false],
    byDefault: true,
    instead: 'true',
  },
]

/** Throws `unsupported-model` for a config whose last step divides by zero, naming both settings. */
export function refuseDivisions(json: Record<string, unknown>): void {
  const { class: name, number } = readSchedulerConfig(json)
  if ((json.final_sigmas_type ?? 'zero') !== 'zero') return
  for (const { classes, setting, values, byDefault, instead } of divisions) {
    const value = json[setting] ?? byDefault
    // Of the first order there is nothing to lower.
    const harmless = setting === 'lower_order_final' && number('solver_order', 2) === 1
    if (!classes.includes(name) || !values.includes(value) || harmless) continue
    throw new StudioError(
      'unsupported-model',
      `The model's scheduler_config.json (${name}) has ${setting} ${JSON.stringify(value)} together with final_sigmas_type "zero", which divides by zero in the last step. ` +
        `Set final_sigmas_type to "sigma_min" or ${setting} to ${instead} there, or choose a sampler by name instead of "Model default".`,
    )
  }
}

const spacingByDefault = (name: SchedulerClass): TimestepSpacing =>
  ['DDIMScheduler', 'DDPMScheduler', 'PNDMScheduler'].includes(name) ? 'leading' : 'linspace'

function sigmaSpacing(
  json: Record<string, unknown>,
  flag: (entry: string, byDefault: boolean) => boolean,
): SigmaSpacing {
  if (flag('use_karras_sigmas', false)) return 'karras'
  if (flag('use_exponential_sigmas', false)) return 'exponential'
  if (flag('use_beta_sigmas', false)) return 'beta'
  if (flag('use_lu_lambdas', false)) return 'lu'
  return json.interpolation_type === 'log_linear' ? 'logLinear' : 'timesteps'
}

/** JSON has no infinities: reference data writes them as words. */
function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
