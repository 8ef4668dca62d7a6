import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, expect, it } from 'vitest'
import type { ModelInfo, ModelRecord } from '../../../src/shared/models/models.ts'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { useModels } from '../../../src/renderer/stores/models.ts'
import { openTestStudio } from '../../studio/fixtures/testStudio.ts'

let known: ModelRecord
beforeEach(async () => {
  setActivePinia(createPinia())
  const { calls } = await openTestStudio()
  known = (await calls.models()).find(({ info }) => info !== null)!
})

const modelOf = (id: string, info: Partial<ModelInfo>): ModelRecord => ({
  ...known,
  id,
  formerId: null,
  info: { ...known.info!, ...info },
})

/** A form over models, of which the first is chosen. */
async function openForm(...models: ModelRecord[]) {
  useModels().set(models)
  const form = useForm()
  form.chooseModel(models[0].id)
  await nextTick()
  return form
}

it('another model brings its defaults, and what a person changed stays', async () => {
  const form = await openForm(
    modelOf('one', { defaults: { steps: 4, guidanceScale: 1 } }),
    modelOf('other', { defaults: { steps: 30, guidanceScale: 7 } }),
  )
  expect([form.request.steps, form.request.guidanceScale]).toEqual([4, 1])
  form.request = { ...form.request, guidanceScale: 3 }
  expect([form.isChanged('steps'), form.isChanged('guidanceScale')]).toEqual([false, true])
  form.chooseModel('other')
  expect([form.request.steps, form.request.guidanceScale]).toEqual([30, 3])
  form.reset('guidanceScale')
  expect(form.request.guidanceScale).toBe(7)
})

it('defaults that a person gives a model take the place of its former ones at once', async () => {
  const form = await openForm(modelOf('one', { defaults: { steps: 4, guidanceScale: 1 } }))
  form.request = { ...form.request, guidanceScale: 3 }
  useModels().set([modelOf('one', { defaults: { steps: 9, guidanceScale: 2 } })])
  await nextTick()
  expect([form.request.steps, form.request.guidanceScale]).toEqual([9, 3])
})

it('a size that the model cannot make becomes its own; a former name becomes today’s', async () => {
  const form = await openForm(modelOf('small', { maxSize: 256, sizeMultiple: 8 }), {
    ...modelOf('today', { maxSize: 1024, sizeMultiple: 64 }),
    formerId: 'former',
  })
  form.request = { ...form.request, width: 136, height: 256 }
  form.chooseModel('former')
  await nextTick()
  expect(form.request).toMatchObject({ model: 'today', width: null, height: null })
})

it('of a form that was kept, what no longer fits is reset and the rest stays', async () => {
  const form = await openForm(modelOf('one', {}))
  const kept = { ...form.request, prompt: 'a cat', steps: -5, sampler: 'Nobody', later: true }
  form.restore(JSON.stringify(kept), true)
  const { steps, sampler } = form.modelDefaults
  expect(form.request).toMatchObject({ prompt: 'a cat', steps, sampler })
  expect(form.request).not.toHaveProperty('later')
  form.restore('no JSON', false)
  expect(form.request.prompt).toBe('')
})

it('a seed is sent where it is locked, and a second pass rests while there is a picture to start from', async () => {
  const form = await openForm(modelOf('one', {}))
  form.lockSeed(7)
  expect(form.toRequest().seed).toBe(7)
  form.seedLocked = false
  expect(form.toRequest().seed).toBeNull()
  const initImage = { id: '0'.repeat(64), resizeMode: 'crop' as const }
  form.request = { ...form.request, hires: { upscaler: 'Lanczos' } as never, mask: { id: '1'.repeat(64) } }
  expect(form.toRequest()).toMatchObject({ hires: { upscaler: 'Lanczos' }, mask: null })
  form.request = { ...form.request, initImage }
  expect(form.toRequest()).toMatchObject({ hires: null, mask: { id: '1'.repeat(64) } })
})

it('a preset leaves the device and the pictures alone, and the model where it is not here', async () => {
  const form = await openForm(modelOf('one', {}), modelOf('gone', {}))
  form.chooseModel('gone')
  form.request = { ...form.request, steps: 9, prompt: '' }
  const preset = form.toPreset('mine')
  useModels().set([modelOf('one', {})])
  form.chooseModel('one')
  const references = [{ id: '0'.repeat(64) }]
  form.request = { ...form.request, steps: 5, prompt: 'a cat', device: 'cpu', references }
  form.applyPreset(preset)
  expect(form.request).toMatchObject({ steps: 9, prompt: 'a cat', device: 'cpu', references, model: 'one' })
})

it('sizes that a file tells are brought to what the model makes, and that is answered', async () => {
  const form = await openForm(modelOf('one', { minSize: 128, maxSize: 512, sizeMultiple: 8 }))
  const replaced = form.takeFound({ prompt: 'a cat', width: 2000, height: 96, seed: 3 }, null)
  expect(form.request).toMatchObject({ width: 512, height: 128, seed: 3 })
  expect(form.seedLocked).toBe(true)
  expect(replaced.map(({ field, value, taken }) => [field, value, taken])).toEqual([
    ['width', '2000', 512],
    ['height', '96', 128],
  ])
})
