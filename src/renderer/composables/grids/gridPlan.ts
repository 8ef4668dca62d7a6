import { useDebounceFn } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { GridPlan } from '../../../shared/grids/gridCalls.ts'
import { useConnection } from '../../stores/connection.ts'
import { useGridForm } from '../../stores/gridForm.ts'
import { studio } from '../../studio.ts'
import { useWords } from '../words/words.ts'

/** Ms after the last change before the studio is asked. */
const pause = 300

const plan = shallowRef<GridPlan | null>(null)
const problem = shallowRef<ErrorRecord | null>(null)
let asked = 0

async function ask(input: NonNullable<ReturnType<typeof useGridForm>['input']>): Promise<void> {
  const mine = ++asked
  const answer = await studio.planGrid(input).then(
    (found) => ({ found, wrong: null }),
    (error: unknown) => ({ found: null, wrong: toErrorRecord(error) }),
  )
  if (mine !== asked) return
  plan.value = answer.found
  problem.value = answer.wrong
}

/** Follows what is written into the axes: how many pictures it makes, or what is wrong. Called once, by what shows the form. */
export function followGrid(): void {
  const connection = useConnection()
  const gridForm = useGridForm()
  const askSoon = useDebounceFn(() => gridForm.input && ask(gridForm.input), pause)
  watch(
    () => (connection.state === 'connected' ? JSON.stringify(gridForm.input) : null),
    (written) => {
      asked++
      plan.value = null
      if (written === null || gridForm.input === null) problem.value = null
      else void askSoon()
    },
    { immediate: true },
  )
}

/** What the grid that is being written would take. */
export function useGridPlan() {
  const { t } = useI18n()
  const { duration } = useWords()

  /** "12 pictures · ≈ 40 s to try, ≈ 3 min for all", as far as known. */
  const words = computed(() => {
    if (!plan.value) return ''
    const { cells, timeMs, trialTimeMs } = plan.value
    const all = timeMs === null ? null : `≈ ${duration(timeMs)}`
    const tried = trialTimeMs === null ? null : t('grid.tried', { time: `≈ ${duration(trialTimeMs)}` })
    const times = tried && all ? t('grid.triedThenAll', { tried, all }) : all
    return [t('grid.pictures', cells), times].filter((part) => part !== null).join(' · ')
  })

  return { plan, problem, words }
}
