import { ref, shallowRef } from 'vue'
import type { SamplerName, ScheduleName } from '../../../shared/samplers.ts'
import { StudioError, toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import { studio } from '../../studio.ts'
import { inNumbers, type SeenTrace } from '../steps/trace.ts'

/** How one sampler has run. */
export interface Lane {
  sampler: SamplerName
  /** null: not run yet, or it failed. */
  trace: SeenTrace | null
  problem: ErrorRecord | null
}

/** Steps of the run that the others are held against, and its sampler: it adds no noise and is of second order. */
export const referenceSteps = 200
const referenceSampler = 'DPM++ 2M'

/** Samplers that ask the network twice a step get half the steps. */
const twice: readonly SamplerName[] = ['Heun', 'DPM2', 'DPM2 a', 'DPM++ SDE', 'DPM++ 2S a', 'Restart']

/** Steps of a sampler that make about this many evaluations. */
const stepsFor = (sampler: SamplerName, evaluations: number): number =>
  Math.max(1, twice.includes(sampler) ? Math.round((evaluations + 1) / 2) : evaluations)

/** Runs samplers one after the other from the same noise, a fine reference first. */
export function useRace() {
  const lanes = shallowRef<Lane[]>([])
  const reference = shallowRef<Float32Array | null>(null)
  const running = ref<SamplerName | 'reference' | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  let race = 0

  async function start(
    imageId: string,
    chosen: readonly SamplerName[],
    { evaluations, schedule }: { evaluations: number; schedule: ScheduleName },
  ): Promise<void> {
    const own = ++race
    const isOver = (): boolean => own !== race
    lanes.value = chosen.map((sampler) => ({ sampler, trace: null, problem: null }))
    reference.value = null
    problem.value = null
    const run = async (sampler: SamplerName, steps: number): Promise<SeenTrace> => {
      const answer = await studio.trace({ imageId, change: { sampler, schedule, steps } })
      if (answer) return inNumbers(answer)
      throw new StudioError('cancelled', 'A picture is being made. Start the race again when it is done.')
    }
    try {
      running.value = 'reference'
      const fine = await run(referenceSampler, referenceSteps)
      if (isOver()) return
      reference.value = fine.steps.at(-1)!.denoised
      for (const { sampler } of lanes.value) {
        running.value = sampler
        const result = await run(sampler, stepsFor(sampler, evaluations)).then(
          (trace) => ({ trace, problem: null }),
          (error: unknown) => ({ trace: null, problem: toErrorRecord(error) }),
        )
        if (isOver()) return
        lanes.value = lanes.value.map((lane) => (lane.sampler === sampler ? { sampler, ...result } : lane))
      }
    } catch (error) {
      if (!isOver()) problem.value = toErrorRecord(error)
    } finally {
      if (!isOver()) running.value = null
    }
  }

  return { lanes, reference, running, problem, start }
}

/** Root of the mean square of the difference. */
export function distance(a: Float32Array, b: Float32Array): number {
  let squares = 0
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2
  return Math.sqrt(squares / a.length)
}
