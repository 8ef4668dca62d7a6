import type { EngineControl } from '../../shared/engine/engineContract.ts'
import type { SeedConvention } from '../../shared/request/request.ts'

/** Where a run stands when the network is about to be evaluated. */
export interface Moment {
  /** Steps done, of how many. */
  step: number
  steps: number
  /** As the network is told it, of how many it was trained with. */
  timestep: number
  trainSteps: number
}

/**
 * Whether a control picture counts at a moment. `start` and `end` are shares of the run, in steps with AUTOMATIC1111
 * (sd-webui-controlnet, guidance_schedule_handler) and diffusers (`controlnet_keep`), in timesteps with ComfyUI
 * (percent_to_sigma).
 */
export function countsAt(
  { start, end }: Pick<EngineControl, 'start' | 'end'>,
  { step, steps, timestep, trainSteps }: Moment,
  convention: SeedConvention,
): boolean {
  if (convention === 'ComfyUI') {
    const last = trainSteps - 1
    return (start <= 0 || timestep <= last * (1 - start)) && (end >= 1 || timestep >= last * (1 - end))
  }
  if (convention === 'diffusers') return step / steps >= start && (step + 1) / steps <= end
  return step / steps >= start && step / steps <= end
}

/**
 * By what each of `count` residuals or features is multiplied. With the prompt or the control in front the fine ones
 * count less: 0.825^12 … 0.825^0 for ControlNets (sd-webui-controlnet, hook.py), for diffusers' guess mode ten times
 * less at the first, in equal ratios; T2I-Adapters have four weights of their own.
 */
export function controlScales(
  { weight, mode }: Pick<EngineControl, 'weight' | 'mode'>,
  kind: 'residuals' | 'features',
  count: number,
  convention: SeedConvention,
): number[] {
  const places = Array.from({ length: count }, (_, index) => index)
  if (mode === 'balanced') return places.map(() => weight)
  if (kind === 'features') return places.map((place) => weight * ([0.25, 0.62, 0.825][place] ?? 1))
  if (convention === 'diffusers') return places.map((place) => weight * 10 ** (place / (count - 1) - 1))
  return places.map((place) => weight * 0.825 ** (12 - place))
}
