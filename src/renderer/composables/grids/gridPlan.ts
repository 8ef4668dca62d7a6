import { useDebounceFn } from '@vueuse/core'
import { computed, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useConnection } from '../../stores/connection.ts'
import { useGridForm } from '../../stores/gridForm.ts'
import { useGridPlan } from '../../stores/gridPlan.ts'
import { useWords } from '../words/words.ts'

/** Ms after the last change before the studio is asked. */
const pause = 300

/** Follows what is written into the axes: how many pictures it makes, or what is wrong. Called once, by what shows the form. */
export function followGrid(): void {
  const connection = useConnection()
  const gridForm = useGridForm()
  const gridPlan = useGridPlan()
  const askSoon = useDebounceFn(() => gridForm.input && gridPlan.ask(gridForm.input), pause)
  watch(
    () => (connection.state === 'connected' ? JSON.stringify(gridForm.input) : null),
    (written) => {
      gridPlan.forget()
      if (written === null || gridForm.input === null) gridPlan.problem = null
      else void askSoon()
    },
    { immediate: true },
  )
}

/** What the grid that is being written would take, in words. */
export function useGridPlanWords() {
  const { t } = useI18n()
  const { duration } = useWords()
  const gridPlan = useGridPlan()

  /** "12 pictures · ≈ 40 s to try, ≈ 3 min for all", as far as known. */
  return computed(() => {
    if (!gridPlan.plan) return ''
    const { cells, timeMs, trialTimeMs } = gridPlan.plan
    const all = timeMs === null ? null : `≈ ${duration(timeMs)}`
    const tried = trialTimeMs === null ? null : t('grid.tried', { time: `≈ ${duration(trialTimeMs)}` })
    const times = tried && all ? t('grid.triedThenAll', { tried, all }) : all
    return [t('grid.pictures', cells), times].filter((part) => part !== null).join(' · ')
  })
}
