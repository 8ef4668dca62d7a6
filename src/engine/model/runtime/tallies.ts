import type { NetworkKind, Tally } from '../model.ts'

/** A tally whose times count into another's and whose runs do not: for the first half of a network. */
export const timesOf = (tally: Tally): Tally => ({
  runs: 0,
  get runMs() {
    return tally.runMs
  },
  set runMs(total) {
    tally.runMs = total
  },
  get loadMs() {
    return tally.loadMs
  },
  set loadMs(total) {
    tally.loadMs = total
  },
})

/** Nothing run yet. */
export function newTallies(): Record<NetworkKind, Tally> {
  const zero = (): Tally => ({ runs: 0, runMs: 0, loadMs: 0 })
  return {
    textEncoder: zero(),
    unet: zero(),
    control: zero(),
    vaeDecoder: zero(),
    vaeEncoder: zero(),
    previewVae: zero(),
    upscaler: zero(),
  }
}
