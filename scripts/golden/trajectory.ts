import type { Step } from '../../src/engine/samplers/step.ts'
import {
  compare,
  eachCase,
  headerKind,
  raisingCases,
  worst,
  type CaseResult,
  type DeclinedCase,
  type GoldenFile,
  type GoldenKind,
} from './kind.ts'
import { floats } from './numbers.ts'
import { readBank, type Bank, type ToyRun } from './toys.ts'

/** A kind of trajectories on the toy networks of the bank beside the file; cases that raise in the reference too. */
export const trajectories = (
  kind: string,
  runCase: (golden: any, bank: Bank) => Promise<CaseResult | DeclinedCase>,
): GoldenKind => ({
  recognises: (file) => headerKind(file).startsWith(kind),
  async *run(file: GoldenFile) {
    const bank = readBank(file.folder)
    yield* eachCase(
      kind,
      file.json.cases,
      ({ id }: any) => id,
      (golden) => runCase(golden, bank),
    )
    yield* raisingCases(file)
  },
})

/** A sampler's whole way: every x it evaluated first in a step, every x it yielded. */
export interface Way {
  /** x at the first evaluation of each step, then the last x. */
  starts: Float32Array[]
  /** x at every evaluation, then the last x. */
  evaluated: Float32Array[]
  /** x after each step. */
  yields: Float32Array[]
  last: Float32Array
}

/** Runs a sampler to its end and keeps what it passed through. */
export async function follow(steps: AsyncIterable<Step>, run: ToyRun, first: Float32Array): Promise<Way> {
  const yields: Float32Array[] = []
  const starts: number[] = []
  let before = 0
  for await (const { x } of steps) {
    if (run.calls.length > before) starts.push(before)
    before = run.calls.length
    yields.push(x)
  }
  const last = yields.at(-1) ?? first
  return {
    yields,
    last,
    starts: [...starts.map((call) => run.calls[call].x), last],
    evaluated: [...run.calls.map(({ x }) => x), last],
  }
}

/** Variance preserving latents out of x in sigma space. */
export const preserving = (x: Float32Array, sigma: number): Float32Array =>
  x.map((value) => value / Math.sqrt(sigma * sigma + 1))

/**
 * The tolerance is written for the last latents. Those on the way also carry the reference's float32 rounding of
 * the latents before them, which at high noise are large.
 */
const float32Rounding = 2 ** -22

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** How much of a trajectory is compared. */
export type Scope = 'whole' | 'end'

interface TrajectoryCase {
  t_calls: number[]
  xs_base64: string[]
  xs_partial?: number
  fp64_rerun_maxdiff: number | null
  final_absmax: number
}

/**
 * Compares timesteps first, then every latents of the way; entries but the last may hold only their first part. An
 * ill-conditioned case whose step sizes come out of rounding is compared by its number of evaluations and its end.
 */
export function judge(
  kind: string,
  name: string,
  expected: TrajectoryCase,
  timesteps: readonly number[],
  xs: readonly Float32Array[],
  scope: Scope = 'whole',
): CaseResult {
  const scale = Math.max(1, expected.final_absmax)
  const drift = expected.fp64_rerun_maxdiff
  const tolerance = drift === null ? 1e-4 * scale : 3e-5 * scale + 5 * drift
  const calls = compare(timesteps, expected.t_calls, { abs: scope === 'whole' ? 2e-3 : Infinity })
  let largestYet = 0
  const parts = expected.xs_base64.map((text, i) => {
    const wanted = floats(text)
    const rounding = i < expected.xs_base64.length - 1 ? float32Rounding * largestYet : 0
    largestYet = Math.max(largestYet, largest(wanted))
    return compare(xs[i]?.subarray(0, wanted.length) ?? [], wanted, { abs: tolerance + rounding })
  })
  const complete = xs.length === expected.xs_base64.length
  const values = worst(scope === 'whole' ? parts : parts.slice(-1))
  const notes = [
    calls.pass
      ? ''
      : `timesteps differ by ${calls.maxAbs} (${timesteps.length} calls, ${expected.t_calls.length} expected)`,
    complete ? '' : `${xs.length} latents where ${expected.xs_base64.length} are expected`,
    scope === 'end'
      ? 'ill-conditioned: rounding decides the step sizes; evaluations counted, last latents compared'
      : '',
    drift === null ? 'no float64 rerun: 1e-4 of the largest value' : '',
    drift !== null && 5 * drift > 3e-5 * scale ? `ill-conditioned: 5 * ${drift} added to the tolerance` : '',
  ]
  return {
    name,
    kind,
    pass: calls.pass && complete && values.pass,
    maxAbs: values.maxAbs,
    maxRel: values.maxAbs / scale,
    tolerance: `timesteps 2e-3, latents ${tolerance.toPrecision(3)} absolute`,
    note: notes.filter(Boolean).join('; '),
  }
}
