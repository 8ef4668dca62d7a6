/** The references' names of sampler options as ours. */
const names: Record<string, string> = {
  s_churn: 'sChurn',
  s_tmin: 'sTmin',
  s_tmax: 'sTmax',
  s_noise: 'sNoise',
  solver_type: 'solver',
  max_order: 'order',
}

export function samplerOptions(options: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value]))
}
