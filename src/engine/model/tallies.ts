import type { NetworkKind, Tally } from './model.ts'

/** Nothing run yet. */
export function newTallies(): Record<NetworkKind, Tally> {
  const zero = (): Tally => ({ runs: 0, runMs: 0, loadMs: 0 })
  return { textEncoder: zero(), unet: zero(), vaeDecoder: zero(), vaeEncoder: zero() }
}
