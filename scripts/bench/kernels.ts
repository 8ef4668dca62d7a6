import { readFile } from 'node:fs/promises'
import { row } from './report.ts'

/** What a graphics card did in one run, by its own clock: µs of every program. Of a run on the CPU it is empty. */
export type Kernels = ReadonlyMap<string, number>

interface Event {
  cat: string
  name: string
  dur: number
}

const sumOf = (events: readonly Event[]): number => events.reduce((sum, { dur }) => sum + dur, 0)

/** The quickest of several equal runs in a profile of ONNX Runtime, which has an event for every program in its order. */
export async function quickestRun(profile: string, runs: number): Promise<Kernels> {
  const events = (JSON.parse(await readFile(profile, 'utf8')) as Event[]).filter(({ cat }) => cat === 'Api')
  const perRun = events.length / runs
  const [best] = Array.from({ length: runs }, (_, run) =>
    events.slice(run * perRun, (run + 1) * perRun),
  ).toSorted((a, b) => sumOf(a) - sumOf(b))
  const byProgram = new Map<string, number>()
  for (const { name, dur } of best) {
    const program = name.split('&').slice(1).join(' ')
    byProgram.set(program, (byProgram.get(program) ?? 0) + dur)
  }
  return byProgram
}

export const totalOf = (kernels: Kernels): number =>
  [...kernels.values()].reduce((sum, took) => sum + took, 0)

/** The programs that take most of the time. */
export function printKernels(kernels: Kernels, count: number): void {
  const total = totalOf(kernels)
  for (const [program, took] of [...kernels].toSorted(([, a], [, b]) => b - a).slice(0, count))
    row(`  ${program}`, `${(took / 1000).toFixed(2)} ms, ${((100 * took) / total).toFixed(0)} %`)
}
