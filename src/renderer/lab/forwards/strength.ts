/** Where image-to-image begins. */
export interface Beginning {
  /** The request's denoising strength. */
  strength: number
  /** Steps that are really made, of those that were asked for. */
  steps: number
  /** The timestep of the first. */
  timestep: number
}

/**
 * The strength with which a run of `steps` begins nearest to a timestep, over AUTOMATIC1111's "Normal" schedule: timesteps
 * spaced evenly from the last to 0, of which ⌊strength · steps⌋ and one more are made.
 */
export function strengthAt(timestep: number, timesteps: number, steps: number): Beginning {
  const last = timesteps - 1
  const apart = last / (steps - 1)
  const made = Math.min(steps - 1, Math.max(0, Math.round(timestep / apart)))
  return {
    strength: made === steps - 1 ? 1 : (made + 0.5) / steps,
    steps: made + 1,
    timestep: Math.round(made * apart),
  }
}
