import type { SchedulerConfig } from './schedulerConfig.ts'

/** The highest order of each step of diffusers' multistep solvers: lower at the end of a short run or before sigma 0. */
export function multistepOrders(config: SchedulerConfig, steps: number): number[] {
  const order = config.number('solver_order', 2)
  const short = config.flag('lower_order_final', true) && steps < 15
  const toZero =
    config.class !== 'DEISMultistepScheduler' &&
    config.choice('final_sigmas_type', ['zero', 'sigma_min'], 'zero') === 'zero'
  const firstAtEnd = short || toZero || config.flag('euler_at_final', false)
  return Array.from({ length: steps }, (_, i) => {
    if (i === steps - 1 && firstAtEnd) return 1
    return i === steps - 2 && short ? Math.min(order, 2) : order
  })
}

/** The order of each stage of diffusers' singlestep solver: 1, 2, … up to the solver's order, again and again. */
export function singlestepOrders(config: SchedulerConfig, steps: number): number[] {
  const order = config.number('solver_order', 2)
  const toZero = config.choice('final_sigmas_type', ['zero', 'sigma_min'], 'zero') === 'zero'
  const lowerAtEnd = config.flag('lower_order_final', false) || steps % order !== 0 || toZero
  const orders = Array.from({ length: steps }, (_, i) => (i % order) + 1)
  // The last whole group gives up its highest stage.
  if (lowerAtEnd && order > 1 && steps % order === 0) orders[steps - 1] = 1
  if (toZero) orders[steps - 1] = 1
  return orders
}
