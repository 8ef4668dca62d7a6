import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Draft } from '../../shared/queue/jobs.ts'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { GenerationRequest } from '../../shared/request/request.ts'
import { studio } from '../studio.ts'
import { useConnection } from './connection.ts'
import { useForm } from './form.ts'
import { useJobs } from './jobs.ts'

/** Ms without a new key or stroke before a draft is asked for. */
const pause = 100
/**
 * Ms that changes without a pause wait for one, so that something shows during a long stroke, and after which a draft is
 * rather finished than overtaken. One begun sooner would be overtaken by the pause, and be in the way of the last.
 */
const patience = 1000

/** Live drawing: the canvas follows what is typed and scribbled, and nothing of it is kept until asked for. */
export const useLive = defineStore('live', () => {
  const connection = useConnection()
  const form = useForm()
  const jobs = useJobs()

  const on = ref(false)
  const seed = ref(0)
  const draft = shallowRef<Draft | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const drawing = ref(false)

  /** What the draft is drawn from, and what keeps it: the form with one seed as long as it is on. */
  const request = computed<GenerationRequest>(() => {
    const asked = form.toRequest()
    return { ...asked, seed: asked.seed ?? seed.value, batchSize: 1 }
  })
  const canDraw = computed(
    () => on.value && connection.state === 'connected' && !jobs.current && Boolean(form.model?.info),
  )
  const wanted = computed(() => (canDraw.value ? JSON.stringify(request.value) : null))

  let asked = 0
  let shownAt = 0
  let isBehind = false

  function follow(): void {
    if (wanted.value === null) return
    isBehind = drawing.value && performance.now() - shownAt > patience
    if (!isBehind) void draw()
  }

  async function draw(): Promise<void> {
    const mine = ++asked
    if (!drawing.value) shownAt = performance.now()
    drawing.value = true
    try {
      show(await studio.draft(request.value))
    } catch (error) {
      if (mine === asked) problem.value = toErrorRecord(error)
    }
    if (mine !== asked) return
    drawing.value = false
    if (isBehind) follow()
  }

  function show(drawn: Draft | null): void {
    if (!drawn || !canDraw.value) return
    draft.value = drawn
    problem.value = null
    shownAt = performance.now()
  }

  function toggle(): void {
    on.value = !on.value
    seed.value = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  }

  // The engine is the jobs' now; a draft would no longer be there to show when they are done.
  watch(canDraw, (can) => {
    if (can) return
    draft.value = null
    problem.value = null
  })
  watchDebounced(wanted, follow, { debounce: pause, maxWait: patience })

  return { on, draft, problem, drawing, request, toggle }
})
