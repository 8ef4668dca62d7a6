import { limits } from '../../../shared/request/limits.ts'
import { rounds } from './raceRuns.ts'

/** Errors of whole runs, or of the guesses inside one. */
export type CurveKind = 'whole' | 'inside'

export const defaults = {
  picture: '',
  /** As `writeRacers` writes them; empty: the usual ones. */
  racers: '',
  /** Of the last round. */
  evaluations: 32,
  /** Evaluations of the reference. */
  reference: 200,
  /** Whose runs are seen; 0: of the newest. */
  round: 0,
  /** After how many evaluations; beyond the last one the run's end is seen. */
  at: 64,
  curve: 'whole' as CurveKind as string,
}
export type RaceSettings = typeof defaults

export const referenceLimits = { min: 2, max: limits.steps.max }

/** Numbers as they can be raced with, and those of them that had to be others: what was asked for, and what is taken. */
export function readNumbers({ evaluations, reference }: Pick<RaceSettings, 'evaluations' | 'reference'>) {
  const most = rounds.find((round) => round >= evaluations) ?? rounds.at(-1)!
  const { min, max } = referenceLimits
  const fine = Math.min(max, Math.max(min, Math.round(reference)))
  const changed = [
    { asked: evaluations, taken: most, name: 'evaluations' as const },
    { asked: reference, taken: fine, name: 'reference' as const },
  ].filter(({ asked, taken }) => asked !== taken)
  return { most, reference: fine, changed }
}
