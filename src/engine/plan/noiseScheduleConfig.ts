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
  /**
   * In which precision the tables are made, each with its rounding: float32 as in diffusers; float64 as in ComfyUI;
   * AUTOMATIC1111 keeps ᾱ of float64 as float32 and rescales that.
   */
  precision?: 'float64' | 'float32' | 'float64 kept as float32'
}
