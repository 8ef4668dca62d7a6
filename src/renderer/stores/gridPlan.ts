import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { GridInput, GridPlan } from '../../shared/grids/gridCalls.ts'
import { studio } from '../studio.ts'

/** What the grid that is being written would take, or what is wrong with it. */
export const useGridPlan = defineStore('gridPlan', () => {
  const plan = shallowRef<GridPlan | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  /** Only the answer to the last question counts. */
  let asked = 0

  async function ask(input: GridInput): Promise<void> {
    const mine = ++asked
    const answer = await studio.planGrid(input).then(
      (found) => ({ found, wrong: null }),
      (error: unknown) => ({ found: null, wrong: toErrorRecord(error) }),
    )
    if (mine !== asked) return
    plan.value = answer.found
    problem.value = answer.wrong
  }

  /** What was planned is no longer what is written. */
  function forget(): void {
    asked++
    plan.value = null
  }

  return { plan, problem, ask, forget }
})
