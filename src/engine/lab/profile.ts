import { z } from 'zod'

/** ONNX Runtime's profile of a session: a list of events in Chrome's trace format. */

/** One operator at work. */
export interface OperatorTime {
  /** As it is called in the graph; operators that ONNX Runtime put in have names of their own. */
  name: string
  /** When it began and how long it took, in microseconds. */
  ts: number
  dur: number
}

const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  ts: z.number().default(0),
  dur: z.number().default(0),
})

/** The operators of every run, one list a run. */
export function readProfile(text: string): OperatorTime[][] {
  const events = z.array(eventSchema.catch({ cat: '', name: '', ts: 0, dur: 0 })).parse(JSON.parse(text))
  const runs = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
  const operators = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  return runs
    .sort((a, b) => a.ts - b.ts)
    .map((run) =>
      operators
        .filter(({ ts }) => ts >= run.ts && ts <= run.ts + run.dur)
        .sort((a, b) => a.ts - b.ts)
        .map(({ name, ts, dur }) => ({ name, ts, dur })),
    )
}

/**
 * Ms that each block takes in one run, on the mean of the last `count` runs. A block is what lies in its scopes; what has no
 * scope (reordering between layers, conditions) counts to the block before it.
 */
export function timeOfBlocks(
  runs: readonly OperatorTime[][],
  blocks: readonly (readonly string[])[],
  count: number,
): number[] {
  const times = blocks.map(() => 0)
  for (const run of runs.slice(-count)) {
    let last = 0
    for (const { name, dur } of run) {
      const found = blocks.findIndex((scopes) => scopes.some((scope) => name.startsWith(`${scope}.`)))
      if (found !== -1) last = found
      times[last] += dur / 1000 / count
    }
  }
  return times
}
