import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorCode, type ErrorRecord } from '../../../shared/errors.ts'
import type { Racer } from '../../../shared/calls/raceCalls.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLookProgress } from '../../stores/look.ts'
import { studio } from '../../studio.ts'
import { unpackFloat16 } from '../numbers.ts'
import { usePace } from './pace.ts'
import { raceRuns, type Ahead, type Race } from './raceRuns.ts'

/** Of second order and without noise: what its finest run comes to is taken for exact. */
export const referenceRacer: Racer = { sampler: 'DPM++ 2M', schedule: 'Normal' }

/** Runs the reference, then every racer in one round after the other; what was run is not run again. */
export function useRace(race: () => Race) {
  const runs = raceRuns(race)
  const state = ref<'rest' | 'running' | 'stopped' | 'interrupted'>('rest')
  const running = shallowRef<Ahead | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const evaluationsAhead = computed(() =>
    runs.ahead.value.reduce((sum, { evaluations }) => sum + evaluations, 0),
  )
  const pace = usePace(
    () => running.value?.evaluations ?? null,
    () => evaluationsAhead.value,
  )
  /** Counts starts: only the last one is listened to. */
  let started = 0

  async function go(): Promise<void> {
    const own = ++started
    problem.value = null
    state.value = 'running'
    pace.begin()
    try {
      for (let next = runs.ahead.value.at(0); next; next = runs.ahead.value.at(0)) {
        running.value = next
        const keep = await make(race().imageId, next, runs)
        if (own !== started) return
        if (!keep) return void (state.value = 'interrupted')
        keep()
        pace.add(next.evaluations)
      }
      state.value = 'rest'
    } catch (error) {
      if (own !== started) return
      problem.value = toErrorRecord(error)
      state.value = 'stopped'
    } finally {
      if (own === started) running.value = null
    }
  }

  function end(as: 'rest' | 'stopped'): void {
    started++
    if (state.value === 'running') void studio.stopLook().catch(() => {})
    running.value = null
    state.value = as
  }
  goesOn(state, go)
  watch(
    () => race().imageId,
    (imageId) => {
      end('rest')
      problem.value = null
      runs.turnTo(imageId)
    },
    { immediate: true },
  )
  onScopeDispose(() => end('rest'))
  const told = {
    guess: useGuess(() => running.value !== null),
    share: pace.share,
    remainingMs: pace.remainingMs,
  }
  return { ...runs, ...told, state, running, problem, evaluationsAhead, go, stop: () => end('stopped') }
}

/** A race that made way for a picture goes on when that is done. */
function goesOn(state: { readonly value: string }, go: () => Promise<void>): void {
  const jobs = useJobs()
  watch(
    () => jobs.running === null,
    (isFree) => isFree && state.value === 'interrupted' && void go(),
  )
}

/** The latents that the run under way has come to. */
function useGuess(isRunning: () => boolean) {
  const told = useLookProgress()
  return computed(
    () => isRunning() && told.guess && { ...told.guess, latents: unpackFloat16(told.guess.denoised) },
  )
}

/** Errors of one racer, without which the others go on. */
const ofOneRacer: readonly ErrorCode[] = ['bad-request', 'unsupported-model', 'bad-image']

/** Makes a run and answers what keeps it; null where something else took the studio's attention. */
async function make(
  imageId: string,
  run: Ahead,
  { keep, fail }: Pick<ReturnType<typeof raceRuns>, 'keep' | 'fail'>,
): Promise<(() => void) | null> {
  const told = useLookProgress()
  told.progress = null
  told.guess = null
  const { racer, evaluations, otherNoise } = run
  const guesses = racer !== null && !otherNoise
  try {
    const answer = await studio.race({
      ...(racer ?? referenceRacer),
      ...{ imageId, evaluations, otherNoise, guesses },
    })
    return answer && (() => void keep(run, answer))
  } catch (error) {
    const record = toErrorRecord(error)
    if (!racer || !ofOneRacer.includes(record.code)) throw error
    return () => void fail(racer, record)
  }
}
