export type BetaSchedule = 'scaled_linear' | 'linear' | 'squaredcos_cap_v2'

/** How a model was trained to forget: the variance added at each of its training timesteps. */
export interface NoiseScheduleConfig {
  betaSchedule: BetaSchedule
  betaStart: number
  betaEnd: number
  trainSteps: number
  trainedBetas?: readonly number[]
  /** Lin et al. 2023, Algorithm 1: shift the schedule so that the last timestep holds no picture at all. */
  rescaleZeroTerminalSnr: boolean
  /** What the last ᾱ becomes under the rescale, in place of 0, where sigma is infinite. AUTOMATIC1111's by default. */
  terminalAlphaCumprod?: number
  /** In which precision the tables are made: float32 is diffusers', with its rounding. */
  precision?: 'float64' | 'float32'
}
