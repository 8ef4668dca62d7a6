import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { GenerationRequest } from '../../shared/request/request.ts'
import { useForm } from './form.ts'

/** The form as it stood: text, so that nothing of it can change. */
type Snapshot = string
interface State {
  request: GenerationRequest
  seedLocked: boolean
}

const mostKept = 200
/** Ms within which further changes of the same field are one with the first: typing, dragging, wheeling. */
const oneChange = 1000

/** Takes changes of the settings back, and makes them again. */
export const useSettingsUndo = defineStore('settings-undo', () => {
  const form = useForm()
  const past = shallowRef<Snapshot[]>([])
  const future = shallowRef<Snapshot[]>([])
  let last = { fields: '', at: 0 }

  const snapshot = (): Snapshot =>
    JSON.stringify({ request: form.request, seedLocked: form.seedLocked } satisfies State)
  let now = snapshot()

  function remember(): void {
    const next = snapshot()
    if (next === now) return
    const fields = changedFields(now, next)
    const at = Date.now()
    const goesOn = fields === last.fields && at - last.at < oneChange
    if (!goesOn) past.value = [...past.value, now].slice(-mostKept)
    future.value = []
    last = { fields, at }
    now = next
  }
  // After what follows from a change, as another model's defaults: all of that is one.
  watch([() => form.request, () => form.seedLocked], remember, { deep: true, flush: 'post' })

  function show(state: Snapshot): void {
    now = state
    last = { fields: '', at: 0 }
    const { request, seedLocked } = JSON.parse(state) as State
    form.request = request
    form.seedLocked = seedLocked
  }

  function undo(): void {
    remember()
    const before = past.value.at(-1)
    if (before === undefined) return
    past.value = past.value.slice(0, -1)
    future.value = [...future.value, now]
    show(before)
  }

  function redo(): void {
    const after = future.value.at(-1)
    if (after === undefined) return
    future.value = future.value.slice(0, -1)
    past.value = [...past.value, now]
    show(after)
  }

  const canUndo = computed(() => past.value.length > 0)
  const canRedo = computed(() => future.value.length > 0)
  return { canUndo, canRedo, undo, redo }
})

/** The names of what differs between two states. */
function changedFields(before: Snapshot, after: Snapshot): string {
  const [one, other] = [before, after].map((state) => JSON.parse(state) as State)
  const fields = Object.keys(other.request) as (keyof GenerationRequest)[]
  const differ = fields.filter(
    (field) => JSON.stringify(one.request[field]) !== JSON.stringify(other.request[field]),
  )
  return [...differ, ...(one.seedLocked === other.seedLocked ? [] : ['seedLocked'])].join()
}
