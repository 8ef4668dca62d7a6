import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ErrorRecord } from '../../../shared/errors.ts'
import type { RaceChoices, Racer } from '../../../shared/calls/raceCalls.ts'
import { useNumberWords } from '../../composables/words/numberWords.ts'
import type { End } from './endPictures.ts'
import { widened } from '../numbers.ts'
import { orderOf, verdictOf } from './measures.ts'
import type { useRace } from './race.ts'
import { nameOf, problemOf } from './racers.ts'

/** Latents [channels, height, width] and their colours. */
export interface SeenLatents {
  latents: Float32Array
  channels: number
  height: number
  width: number
  toRgb: readonly (readonly number[])[]
}

/** What is seen of a racer. */
export interface SeenLane {
  name: string
  seen: SeenLatents | null
  /** Where its run ended, when that is what is seen. */
  end: End | null
  /** Why it does not run. */
  problem: ErrorRecord | null
  words: string[]
}

interface Shown {
  racers: readonly Racer[]
  choices: RaceChoices | null
  imageId: string
  /** Whose runs are seen, after how many evaluations. */
  round: number
  at: number
}

/** Racers as they stand in a round, or in the last one before it that they have run. */
export function useLanes(race: ReturnType<typeof useRace>, shown: () => Shown) {
  const { t } = useI18n()
  const { short } = useNumberWords()
  const titleOf = ({ sampler, schedule }: Racer): string => t('lab.race.name', { sampler, schedule })

  /** The newest run of a racer up to a round. */
  function newest(racer: Racer, upTo: number) {
    const known = race.rounds.value.filter((round) => round <= upTo && race.runOf(racer, round))
    const round = known.at(-1)
    return round === undefined ? null : { round, run: race.runOf(racer, round)! }
  }

  function wordsOf(racer: Racer, upTo: number): string[] {
    const points = race.pointsOf(racer)
    const point = points.filter(({ round }) => round <= upTo).at(-1)
    if (!point) return []
    const { steps, evaluations, error } = point
    const spread = points.reduce<number | null>((last, { spread: own }) => own ?? last, null)
    const order = orderOf(points)
    const verdict = verdictOf(points)
    const measured = { order: short(order ?? 0, 2), spread: short(spread ?? 0, 2) }
    return [
      t('lab.race.ran', { evaluations, steps }),
      t('lab.race.error', { error: short(error, 2) }),
      t(`lab.race.verdict.${verdict}`, measured),
    ]
  }

  function laneOf(racer: Racer): SeenLane {
    const { choices, imageId, round, at } = shown()
    const name = titleOf(racer)
    const refused = choices && problemOf(racer, choices)
    const problem = refused ?? race.problems.value.get(nameOf(racer)) ?? null
    const running = race.running.value
    const isRunning =
      !running?.otherNoise &&
      running?.evaluations === round &&
      running.racer &&
      nameOf(running.racer) === nameOf(racer)
    const guess = isRunning ? race.guess.value : null
    if (guess) return { name, problem, seen: guess, end: null, words: [t('lab.race.develops', { round })] }
    const found = problem === null ? newest(racer, round) : null
    if (!found) return { name, problem, seen: null, end: null, words: [] }
    const { run } = found
    const words = wordsOf(racer, round)
    const isEnd = at >= found.round || run.guesses.length === 0
    const latents = isEnd ? run.latents : widened(run.guesses[Math.min(at, run.guesses.length) - 1])
    const end = { key: `${imageId} ${nameOf(racer)} ${found.round}`, shape: run, latents: run.latents }
    return { name, problem, seen: { ...run, latents }, end: isEnd ? end : null, words }
  }

  return { lanes: computed(() => shown().racers.map(laneOf)), titleOf }
}
