import sharp from 'sharp'
import { expect, it } from 'vitest'
import { useAsking } from '../../../src/renderer/stores/asking.ts'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { useMask } from '../../../src/renderer/stores/mask.ts'
import { useModels } from '../../../src/renderer/stores/models.ts'
import { useStartPicture } from '../../../src/renderer/stores/startPicture.ts'
import { openStores, until } from './window.ts'

async function openAsking() {
  const window = await openStores()
  const [asking, form, models] = [useAsking(), useForm(), useModels()]
  await until(() => models.usable.length > 0)
  form.chooseModel(models.usable[0].id)
  form.request = { ...form.request, prompt: 'a cat', steps: 1 }
  return { window, asking, form, jobs: () => window.studio.calls.jobs() }
}

it('a mask that could not be kept makes no picture without it: why is said', async () => {
  const { asking, jobs } = await openAsking()
  const [start, mask] = [useStartPicture(), useMask()]
  const create = { width: 64, height: 64, channels: 3 as const, background: 'red' }
  const png = await sharp({ create }).png().toBuffer()
  await start.takeFile(new Blob([new Uint8Array(png)]))
  await until(() => mask.mask !== null)
  // There is no canvas here to write it as a picture.
  mask.change(({ data }) => {
    data[0] = 255
    return { left: 0, top: 0, right: 1, bottom: 1 }
  })
  expect(await asking.generate()).toBeNull()
  expect(asking.refusal).toEqual(mask.problem)
  expect(asking.refusal).not.toBeNull()
  expect(await jobs()).toEqual([])
})

it('what is refused is said until the next is sent; where nothing answers, nothing is asked', async () => {
  const { window, asking, form } = await openAsking()
  form.request = { ...form.request, vae: 'nobody.safetensors' }
  expect(await asking.generate()).toBeNull()
  expect(asking.refusal?.code).toBe('not-found')
  form.request = { ...form.request, vae: null }
  const job = await asking.generate()
  expect([asking.refusal, job?.request.prompt]).toEqual([null, 'a cat'])
  await window.cut()
  expect(await asking.generate()).toBeNull()
  expect([asking.refusal, asking.waiting, asking.ready]).toEqual([null, false, false])
})
