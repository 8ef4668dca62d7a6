import type { Timings } from '../shared/history.ts'
import type { NetworkKind, Tally } from './model/model.ts'
import type { Stage } from './pipeline.ts'

type Tallies = Readonly<Record<NetworkKind, Tally>>

/** What becomes of the latents, enlarging included, counts as decoding. */
const timingOf = {
  encoding: 'textEncode',
  denoising: 'denoise',
  upscaling: 'decode',
  decoding: 'decode',
} as const

export interface Stopwatch {
  enter(phase: Stage['phase']): void
  stop(): Timings
}

/**
 * Measures one picture: tell it each phase as it begins, and stop it at the end. Loading networks, wherever it
 * happens, counts as load and nothing else. `loadedMs` is what loading the model took before.
 */
export function startStopwatch(tallies: Tallies, loadedMs: number): Stopwatch {
  const began = performance.now()
  const before = sums(tallies)
  const timings: Timings = {
    load: loadedMs,
    textEncode: 0,
    denoise: 0,
    decode: 0,
    total: 0,
    unetRuns: 0,
    unetRunMs: 0,
    runMs: 0,
  }
  let phase: Stage['phase'] = 'encoding'
  let since = began
  let loadSince = before.loadMs

  const closePhase = (): void => {
    const now = performance.now()
    const { loadMs } = sums(tallies)
    timings[timingOf[phase]] += now - since - (loadMs - loadSince)
    timings.load += loadMs - loadSince
    since = now
    loadSince = loadMs
  }

  return {
    enter(next: Stage['phase']): void {
      if (next === phase) return
      closePhase()
      phase = next
    },
    stop(): Timings {
      closePhase()
      const after = sums(tallies)
      return {
        ...timings,
        total: loadedMs + performance.now() - began,
        unetRuns: after.unetRuns - before.unetRuns,
        unetRunMs: after.unetRunMs - before.unetRunMs,
        runMs: after.runMs - before.runMs,
      }
    },
  }
}

function sums(tallies: Tallies): { loadMs: number; runMs: number; unetRuns: number; unetRunMs: number } {
  const all = Object.values(tallies)
  const sum = (pick: (tally: Tally) => number): number => all.reduce((total, tally) => total + pick(tally), 0)
  return {
    loadMs: sum(({ loadMs }) => loadMs),
    runMs: sum(({ runMs }) => runMs),
    unetRuns: tallies.unet.runs,
    unetRunMs: tallies.unet.runMs,
  }
}
