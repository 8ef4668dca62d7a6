import { StudioError } from '../../../shared/errors.ts'
import type { ConfigFile } from '../../graph/config/configFile.ts'
import type { NoiseScheduleConfig } from '../../plan/noiseScheduleConfig.ts'
import type { Model } from '../model.ts'

/** How Stable Diffusion was trained, where no file says otherwise. */
export const stableDiffusionNoise: NoiseScheduleConfig = {
  betaSchedule: 'scaled_linear',
  betaStart: 0.00085,
  betaEnd: 0.012,
  trainSteps: 1000,
  rescaleZeroTerminalSnr: false,
}

/** The training noise as scheduler_config.json tells it, with the defaults of diffusers' schedulers. */
export function noiseScheduleConfig(file: ConfigFile): NoiseScheduleConfig {
  const betaSchedule = file['beta_schedule'] ?? 'linear'
  if (betaSchedule !== 'linear' && betaSchedule !== 'scaled_linear' && betaSchedule !== 'squaredcos_cap_v2')
    throw unknown('beta_schedule', betaSchedule)
  const trainedBetas = file['trained_betas'] ?? null
  if (trainedBetas !== null && !(Array.isArray(trainedBetas) && trainedBetas.every(Number.isFinite)))
    throw unknown('trained_betas', trainedBetas)
  return {
    betaSchedule,
    betaStart: positive(file, 'beta_start', 0.0001),
    betaEnd: positive(file, 'beta_end', 0.02),
    trainSteps: positive(file, 'num_train_timesteps', 1000),
    ...(trainedBetas && { trainedBetas: trainedBetas as number[] }),
    rescaleZeroTerminalSnr: file['rescale_betas_zero_snr'] === true,
  }
}

/** What the network predicts. */
export function predictionType(file: ConfigFile): Model['predictionType'] {
  if (file['_class_name'] === 'FlowMatchEulerDiscreteScheduler') return 'flow'
  const type = file['prediction_type'] ?? 'epsilon'
  if (type === 'epsilon' || type === 'v_prediction' || type === 'sample') return type
  throw unknown('prediction_type', type)
}

function positive(file: ConfigFile, key: string, otherwise: number): number {
  const value = file[key] ?? otherwise
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value
  throw unknown(key, value)
}

const unknown = (key: string, value: unknown): StudioError =>
  new StudioError(
    'unsupported-model',
    `The model's scheduler_config.json says ${key} = ${JSON.stringify(value)}, which this version does not know.`,
  )
