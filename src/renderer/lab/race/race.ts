import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorCode, type ErrorRecord } from '../../../shared/errors.ts'
import type { Racer, RaceRun } from '../../../shared/raceCalls.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useLookProgress } from '../../stores/look.ts'
import { studio } from '../../studio.ts'
import { distance } from '../maths/distance.ts'
import { unpackFloat16, unpackFloat32 } from '../numbers.ts'
import { verdictOf, type Point } from './measures.ts'
import { nameOf } from './racers.ts'

/** Evaluations of the runs of each round. */
export const rounds = [4, 8, 16, 32, 64] as const

/** Of second order and without noise: what its finest run comes to is taken for exact. */
export const referenceRacer: Racer = { sampler: 'DPM++ 2M', schedule: 'Normal' }

/** A run in numbers. */
export interface Finished extends Omit<RaceRun, 'guesses' | 'latents'> {
  guesses: Float32Array[]
  latents: Float32Array
}

/** A run that is to be made; of the reference where it names no racer. */
interface Ahead {
  racer: Racer | null
  evaluations: number
  otherNoise: boolean
}

const keyOf = ({ racer, evaluations, otherNoise }: Ahead): string =>
  JSON.stringify([racer && nameOf(racer), evaluations, otherNoise])

/** What was run with the picture that was raced last, while the window is open. */
const kept = {
  imageId: '',
  runs: shallowRef<ReadonlyMap<string, Finished>>(new Map()),
  problems: shallowRef<ReadonlyMap<string, ErrorRecord>>(new Map()),
}

/** Errors of one racer, without which the others go on. */
const ofOneRacer: readonly ErrorCode[] = ['bad-request', 'unsupported-model', 'bad-image']

interface Race {
  imageId: string
  racers: readonly Racer[]
  /** Of the last round. */
  most: number
  /** Evaluations of the reference. */
  reference: number
}

/** Runs the reference, then every racer in one round after the other; what was run is not run again. */
export function useRace(race: () => Race) {
  const jobs = useJobs()
  const told = useLookProgress()
  const { runs, problems } = kept
  const state = ref<'rest' | 'running' | 'stopped' | 'interrupted'>('rest')
  const running = shallowRef<Ahead | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const began = ref(0)
  const doneBefore = ref(0)
  /** Counts starts: only the last one is listened to. */
  let started = 0

  const runOf = (racer: Racer | null, evaluations: number, otherNoise = false): Finished | null =>
    runs.value.get(keyOf({ racer, evaluations, otherNoise })) ?? null
  const reference = computed(() => runOf(null, race().reference))
  const roundsOfRace = computed(() => rounds.filter((round) => round <= race().most))

  /** The whole runs of a racer, round by round. */
  function pointsOf(racer: Racer): (Point & { round: number; steps: number })[] {
    const fine = reference.value
    if (!fine) return []
    return roundsOfRace.value.flatMap((round) => {
      const run = runOf(racer, round)
      const other = runOf(racer, round, true)
      if (!run) return []
      const { steps, evaluations, latents } = run
      const spread = other && distance(latents, other.latents)
      return [{ round, steps, evaluations, error: distance(latents, fine.latents), spread }]
    })
  }

  /** Other noise is tried in the first round; those that it leads elsewhere have it in all. */
  const ahead = computed((): Ahead[] => {
    const { racers, reference: evaluations } = race()
    const inRounds = roundsOfRace.value.flatMap((round, i) =>
      racers.flatMap((racer) => {
        if (problems.value.has(nameOf(racer))) return []
        const own = { racer, evaluations: round, otherNoise: false }
        const needsOther = i === 0 || verdictOf(pointsOf(racer)) === 'wanders'
        return needsOther ? [own, { ...own, otherNoise: true }] : [own]
      }),
    )
    return [{ racer: null, evaluations, otherNoise: false }, ...inRounds].filter(
      (run) => !runs.value.has(keyOf(run)),
    )
  })
  const evaluationsAhead = computed(() => ahead.value.reduce((sum, { evaluations }) => sum + evaluations, 0))

  /** Evaluations of the run that is under way. */
  const inRun = computed(() => {
    const { progress } = told
    if (!running.value || progress?.phase !== 'denoising') return 0
    return (progress.step / progress.steps) * running.value.evaluations
  })
  const share = computed(
    () => (doneBefore.value + inRun.value) / Math.max(1, doneBefore.value + evaluationsAhead.value),
  )
  /** Ms until all is run, at the pace of this race; null: not known yet. */
  const remainingMs = computed(() => {
    const done = doneBefore.value + inRun.value
    const pace = (performance.now() - began.value) / done
    return done < 2 ? null : pace * (evaluationsAhead.value - inRun.value)
  })

  async function go(): Promise<void> {
    const own = ++started
    problem.value = null
    state.value = 'running'
    began.value = performance.now()
    doneBefore.value = 0
    try {
      for (let next = ahead.value.at(0); next; next = ahead.value.at(0)) {
        running.value = next
        const isMade = await make(next, () => own === started)
        if (own !== started) return
        if (!isMade) return void (state.value = 'interrupted')
        doneBefore.value += next.evaluations
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

  /** False where something else took the studio's attention. */
  async function make(run: Ahead, isWanted: () => boolean): Promise<boolean> {
    const { racer, evaluations, otherNoise } = run
    const { imageId } = race()
    told.progress = null
    told.guess = null
    try {
      const guesses = racer !== null && !otherNoise
      const answer = await studio.race({
        ...(racer ?? referenceRacer),
        ...{ imageId, evaluations, otherNoise, guesses },
      })
      if (answer && isWanted()) runs.value = new Map([...runs.value, [keyOf(run), inNumbers(answer)]])
      return answer !== null
    } catch (error) {
      const record = toErrorRecord(error)
      if (!racer || !ofOneRacer.includes(record.code)) throw error
      if (isWanted()) problems.value = new Map([...problems.value, [nameOf(racer), record]])
      return true
    }
  }

  function forgetRun(): void {
    started++
    if (state.value === 'running') void studio.stopLook().catch(() => {})
    running.value = null
  }
  function stop(): void {
    forgetRun()
    state.value = 'stopped'
  }

  watch(
    () => race().imageId,
    (imageId) => {
      forgetRun()
      state.value = 'rest'
      problem.value = null
      if (imageId === '' || kept.imageId === imageId) return
      kept.imageId = imageId
      runs.value = problems.value = new Map()
    },
    { immediate: true },
  )
  // A picture that was being made is done: the race goes on.
  watch(
    () => jobs.running === null,
    (isFree) => isFree && state.value === 'interrupted' && void go(),
  )
  onScopeDispose(forgetRun)

  const guess = computed(
    () => running.value && told.guess && { ...told.guess, latents: unpackFloat16(told.guess.denoised) },
  )
  return {
    ...{ state, running, problem, problems, guess, reference, rounds: roundsOfRace },
    ...{ evaluationsAhead, share, remainingMs, runOf, pointsOf, go, stop },
  }
}

const inNumbers = ({ guesses, latents, ...run }: RaceRun): Finished => ({
  ...run,
  guesses: guesses.map(unpackFloat16),
  latents: unpackFloat32(latents),
})
