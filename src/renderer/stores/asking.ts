import { until, useMediaQuery } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { GridInput } from '../../shared/grids/gridCalls.ts'
import type { Job } from '../../shared/queue/jobs.ts'
import type { GenerationRequest } from '../../shared/request/request.ts'
import { goToGrid } from '../composables/grids/gridAddress.ts'
import { studio } from '../studio.ts'
import { useConnection } from './connection.ts'
import { useForm } from './form.ts'
import { useGridForm } from './gridForm.ts'
import { useLive } from './live.ts'
import { useMask } from './mask.ts'
import { useModels } from './models.ts'
import { useSketch } from './sketch.ts'
import { useStage } from './stage.ts'

/** Asking for the form's pictures. */
export const useAsking = defineStore('asking', () => {
  const connection = useConnection()
  const form = useForm()
  const gridForm = useGridForm()
  const live = useLive()
  const mask = useMask()
  const models = useModels()
  const sketch = useSketch()
  const stage = useStage()
  /** Where a picture and what is drawn on have no room beside each other, as in the styles of the canvas. */
  const isNarrow = useMediaQuery('(max-width: 640px)')

  /** Why the last request was refused, until the next is sent. */
  const refusal = shallowRef<ErrorRecord | null>(null)
  /** Asked for before the studio had said what models there are: sent once it has. */
  const waiting = ref(false)
  /** While the studio takes in a grid, which is many pictures, a second press asks for no other. */
  let isTakingGrid = false
  const ready = computed(
    () => connection.state === 'connected' && form.model?.info !== undefined && form.model.info !== null,
  )

  /** Asks for the form's pictures, with something changed; answers their job, or null where there is none. */
  async function generate(change: Partial<GenerationRequest> = {}): Promise<Job | null> {
    if (waiting.value || isTakingGrid) return null
    refusal.value = null
    waiting.value = true
    await until(() => models.loaded || connection.state === 'lost').toBe(true)
    waiting.value = false
    // a lost connection and a model that is gone are said where they show, for as long as they last
    if (!ready.value) return null
    if (!(await mask.settled())) {
      // Without what was painted it would be another picture.
      refusal.value = mask.problem
      return null
    }
    try {
      if (gridForm.input) {
        await makeGrid(gridForm.input)
        return null
      }
      const request = live.on ? live.request : form.toRequest()
      const job = await studio.enqueue({ ...request, ...change })
      stage.start(job)
      if (isNarrow.value) mask.isOpen = sketch.isOpen = false
      return job
    } catch (error) {
      refusal.value = toErrorRecord(error)
      return null
    }
  }

  async function makeGrid(input: GridInput): Promise<void> {
    isTakingGrid = true
    try {
      goToGrid((await studio.makeGrid(input)).id)
    } finally {
      isTakingGrid = false
    }
  }

  return { ready, waiting, refusal, generate }
})
