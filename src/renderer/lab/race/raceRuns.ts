import { computed, shallowRef } from 'vue'
import type { ErrorRecord } from '../../../shared/errors.ts'
import type { Racer, RaceRun } from '../../../shared/calls/raceCalls.ts'
import { distance } from '../maths/distance.ts'
import { halvesOf, unpackFloat32 } from '../numbers.ts'
import { verdictOf, type Point } from './measures.ts'
import { nameOf } from './racers.ts'

/** Evaluations of the runs of each round. */
export const rounds = [4, 8, 16, 32, 64] as const

export interface Race {
  imageId: string
  racers: readonly Racer[]
  /** Of the last round. */
  most: number
  /** Evaluations of the reference. */
  reference: number
}

/** A run in numbers; its guesses as they came, in float16: of a long race there are thousands. */
interface Finished extends Omit<RaceRun, 'guesses' | 'latents'> {
  guesses: Uint16Array[]
  latents: Float32Array
}

/** A run that is to be made; of the reference where it names no racer. */
export interface Ahead {
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

/** What a race has run, what that says of its racers, and what is ahead. */
export function raceRuns(race: () => Race) {
  const { runs, problems } = kept
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

  return {
    ...{ problems, runOf, reference, rounds: roundsOfRace, pointsOf, ahead },
    keep: (run: Ahead, made: RaceRun) =>
      (runs.value = new Map([...runs.value, [keyOf(run), inNumbers(made)]])),
    fail: (racer: Racer, problem: ErrorRecord) =>
      (problems.value = new Map([...problems.value, [nameOf(racer), problem]])),
    /** What is known of another picture is forgotten. */
    turnTo(imageId: string): void {
      if (imageId === '' || kept.imageId === imageId) return
      kept.imageId = imageId
      runs.value = problems.value = new Map()
    },
  }
}

const inNumbers = ({ guesses, latents, ...run }: RaceRun): Finished => ({
  ...run,
  guesses: guesses.map(halvesOf),
  latents: unpackFloat32(latents),
})
