import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, expect, it, vi, onTestFinished } from 'vitest'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { useSettingsUndo } from '../../../src/renderer/stores/settingsUndo.ts'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  onTestFinished(() => void vi.useRealTimers())
})

function openUndo() {
  const form = useForm()
  const undo = useSettingsUndo()
  const set = async (change: Partial<typeof form.request>, atMs: number): Promise<void> => {
    vi.setSystemTime(atMs)
    form.request = { ...form.request, ...change }
    await nextTick()
  }
  const stands = () => [form.request.prompt, form.request.steps]
  return { form, undo, set, stands, before: stands() }
}

it('what is typed in one go is one change; another field, or a pause, begins the next', async () => {
  const { undo, set, stands, before } = openUndo()
  await set({ prompt: 'a' }, 0)
  await set({ prompt: 'a c' }, 500)
  await set({ prompt: 'a cat' }, 1400)
  await set({ steps: 9 }, 1500)
  await set({ steps: 10 }, 3000)
  undo.undo()
  expect(stands()).toEqual(['a cat', 9])
  undo.undo()
  expect(stands()).toEqual(['a cat', before[1]])
  undo.undo()
  expect(stands()).toEqual(before)
  expect(undo.canUndo).toBe(false)
  for (let i = 0; i < 3; i++) undo.redo()
  expect(stands()).toEqual(['a cat', 10])
  expect(undo.canRedo).toBe(false)
})

it('what is changed after taking back cannot be made again, and is itself taken back', async () => {
  const { undo, set, stands, before } = openUndo()
  await set({ steps: 9 }, 0)
  await set({ prompt: 'a cat' }, 100)
  undo.undo()
  await set({ prompt: 'a dog' }, 200)
  expect(undo.canRedo).toBe(false)
  undo.undo()
  expect(stands()).toEqual([before[0], 9])
})

it('a change that is taken back at once, before the window was drawn, is not lost', async () => {
  const { form, undo, stands, before } = openUndo()
  form.request = { ...form.request, prompt: 'a cat' }
  undo.undo()
  expect(stands()).toEqual(before)
  undo.redo()
  expect(stands()[0]).toBe('a cat')
})

it('a locked seed is a change as well', async () => {
  const { form, undo } = openUndo()
  form.lockSeed(7)
  await nextTick()
  undo.undo()
  expect([form.seedLocked, form.request.seed]).toEqual([false, null])
  undo.redo()
  expect([form.seedLocked, form.request.seed]).toEqual([true, 7])
})
