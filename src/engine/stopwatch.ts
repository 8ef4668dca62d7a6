import type { Timings } from '../shared/library/history.ts'
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
  /** Counts another model that draws from here on, too; `loadedMs` is what loading it took just now. */
  join(tallies: Tallies, loadedMs: number): void
  stop(): Timings
}

/**
 * Measures one picture: tell it each phase as it begins, and stop it at the end. Loading networks, wherever it
 * happens, counts as load and nothing else. `loadedMs` is what loading the model took before.
 */
export function startStopwatch(tallies: Tallies, loadedMs: number): Stopwatch {
  const began = performance.now()
  /** With what had been counted when they joined. */
  const joined = new Map([[tallies, sums(tallies)]])
  const timings = { load: loadedMs, textEncode: 0, denoise: 0, decode: 0 }
  let phase: Stage['phase'] = 'encoding'
  let since = began
  let laterMs = 0
  let loadSince = 0

  const counted = (): Sums =>
    [...joined].reduce((total, [of, before]) => added(total, sums(of), before), {
      ...{ loadMs: laterMs, runMs: 0, unetRuns: 0, unetRunMs: 0 },
    })
  const closePhase = (): void => {
    const now = performance.now()
    const { loadMs } = counted()
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
    join(other, ms) {
      laterMs += ms
      if (!joined.has(other)) joined.set(other, sums(other))
    },
    stop(): Timings {
      closePhase()
      const { loadMs: _, ...runs } = counted()
      return { ...timings, ...runs, total: loadedMs + performance.now() - began }
    },
  }
}

type Sums = Pick<Timings, 'runMs' | 'unetRuns' | 'unetRunMs'> & { loadMs: number }

const added = (total: Sums, now: Sums, before: Sums): Sums => ({
  loadMs: total.loadMs + now.loadMs - before.loadMs,
  runMs: total.runMs + now.runMs - before.runMs,
  unetRuns: total.unetRuns + now.unetRuns - before.unetRuns,
  unetRunMs: total.unetRunMs + now.unetRunMs - before.unetRunMs,
})

function sums(tallies: Tallies): Sums {
  const all = Object.values(tallies)
  const sum = (pick: (tally: Tally) => number): number => all.reduce((total, tally) => total + pick(tally), 0)
  return {
    loadMs: sum(({ loadMs }) => loadMs),
    runMs: sum(({ runMs }) => runMs),
    unetRuns: tallies.unet.runs,
    unetRunMs: tallies.unet.runMs,
  }
}
