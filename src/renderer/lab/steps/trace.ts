import { computed, ref, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { PackedNumbers, Trace } from '../../../shared/labCalls.ts'
import { useConnection } from '../../stores/connection.ts'
import { useJobs } from '../../stores/jobs.ts'
import { studio } from '../../studio.ts'
import { unpackFloat16 } from '../numbers.ts'

/** One prediction of a run in numbers. */
export interface SeenStep {
  sigma: number
  timestep: number
  x: Float32Array
  denoised: Float32Array
  /** (x - denoised) / sigma. */
  noise: Float32Array
  conditional: Float32Array | null
  unconditional: Float32Array | null
}

/** A run in numbers. */
export interface SeenTrace extends Omit<Trace, 'steps'> {
  steps: SeenStep[]
  /** Of what crossed the contract. */
  bytes: number
}

/** Asks for a picture's run once more, prediction by prediction; while a job runs, once it is done. */
export function useTrace(imageId: () => string) {
  const connection = useConnection()
  const jobs = useJobs()
  const trace = shallowRef<SeenTrace | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const loading = ref(false)
  const waits = computed(() => jobs.running !== null)
  let seen = ''

  async function ask(): Promise<void> {
    const id = imageId()
    if (id === '' || id === seen || connection.state !== 'connected') return
    problem.value = null
    loading.value = true
    try {
      const answer = await studio.trace({ imageId: id })
      if (id !== imageId() || !answer) return
      trace.value = inNumbers(answer)
      seen = id
    } catch (error) {
      if (id !== imageId()) return
      trace.value = null
      problem.value = toErrorRecord(error)
    } finally {
      if (id === imageId()) loading.value = false
    }
  }

  watch(
    () => [imageId(), connection.state, jobs.running === null],
    () => {
      if (imageId() !== seen) trace.value = null
      void ask()
    },
    { immediate: true },
  )
  return { trace, problem, loading, waits }
}

/** A trace as it crossed the contract, in numbers. */
export function inNumbers({ steps, ...trace }: Trace): SeenTrace {
  let bytes = 0
  const numbers = (packed: PackedNumbers): Float32Array => {
    const values = unpackFloat16(packed)
    bytes += 2 * values.length
    return values
  }
  const orNull = (packed: PackedNumbers | null): Float32Array | null =>
    packed === null ? null : numbers(packed)
  const seen = steps.map(({ sigma, timestep, ...step }) => {
    const [x, denoised] = [numbers(step.x), numbers(step.denoised)]
    return {
      sigma,
      timestep,
      x,
      denoised,
      noise: x.map((value, i) => (value - denoised[i]) / sigma),
      conditional: orNull(step.conditional),
      unconditional: orNull(step.unconditional),
    }
  })
  return { ...trace, steps: seen, bytes }
}
