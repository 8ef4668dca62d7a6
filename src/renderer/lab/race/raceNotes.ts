import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { RaceChoices } from '../../../shared/calls/raceCalls.ts'
import { rounds } from './raceRuns.ts'
import { mostRacers, type ReadRacers } from './racers.ts'
import type { RaceSettings, readNumbers } from './settings.ts'

interface Noted {
  read: ComputedRef<ReadRacers>
  numbers: ComputedRef<ReturnType<typeof readNumbers>>
  settings: RaceSettings
  image: ComputedRef<ImageRecord | null>
  choices: { readonly value: RaceChoices | null }
}

/** What of the address or of the picture's request is not raced as it stands, and what the model takes. */
export function useRaceNotes({ read, numbers, settings, image, choices }: Noted) {
  const { t } = useI18n()

  const ofAddress = computed(() => {
    const { unknown, repeated, tooMany } = read.value
    const said = (['unknown', 'repeated', 'tooMany'] as const).flatMap((kind) => {
      const names = { unknown, repeated, tooMany }[kind].join(', ')
      return names === '' ? [] : [t(`lab.race.note.${kind}`, { names, most: mostRacers })]
    })
    const changed = numbers.value.changed.map((change) => t(`lab.race.note.${change.name}`, { ...change }))
    const isRound = settings.round === 0 || rounds.some((round) => round === settings.round)
    const round = isRound
      ? []
      : [t('lab.race.note.round', { asked: settings.round, rounds: rounds.join(', ') })]
    return [...said, ...changed, ...round]
  })

  const ofPicture = computed(() => {
    const request = image.value?.request
    if (!request) return []
    const left = [
      { kind: 'start' as const, is: request.initImage !== null },
      { kind: 'branch' as const, is: request.branch !== null },
      { kind: 'hires' as const, is: request.hires !== null },
      { kind: 'fast' as const, is: request.fast !== null },
      {
        kind: 'turned' as const,
        is: request.eta !== null || request.sChurn > 0 || request.sNoise !== 1 || request.rho !== null,
      },
    ]
    return left.flatMap(({ kind, is }) => (is ? [t(`lab.race.note.${kind}`)] : []))
  })

  /** Named only where much is refused. */
  const ofModel = computed(() => {
    if (!choices.value) return []
    const { samplers, schedules } = choices.value
    const refused = samplers.filter(({ problem }) => problem !== null)
    if (refused.length < 2) return []
    const taken = (list: readonly RaceChoices['samplers' | 'schedules'][number][]): string =>
      list.flatMap(({ name, problem }) => (problem === null ? [name] : [])).join(', ')
    return [t('lab.race.note.takes', { samplers: taken(samplers), schedules: taken(schedules) })]
  })

  return computed(() => [...ofAddress.value, ...ofPicture.value, ...ofModel.value])
}
