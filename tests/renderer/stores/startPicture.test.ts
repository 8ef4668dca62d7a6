import sharp from 'sharp'
import { expect, it } from 'vitest'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { useMask } from '../../../src/renderer/stores/mask.ts'
import { useStartPicture } from '../../../src/renderer/stores/startPicture.ts'
import { upload } from '../../../src/renderer/composables/request/upload.ts'
import { openStores, until } from './window.ts'

async function picture(background: string, side = 64): Promise<Blob> {
  const png = await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer()
  return new Blob([new Uint8Array(png)])
}

async function openStart() {
  const window = await openStores()
  const [red, blue] = [await upload(await picture('red')), await upload(await picture('blue'))]
  return { window, red, blue, form: useForm(), start: useStartPicture() }
}

/** As settings that were taken over, or an earlier visit, name it. */
const naming = (id: string) => ({ initImage: { id, resizeMode: 'crop' as const } })

it('a picture that the form names is looked up; a connection that is lost meanwhile leaves it named, and it is there after the next', async () => {
  const { window, red, form, start } = await openStart()
  window.hold()
  form.request = { ...form.request, ...naming(red.id), mask: { id: red.id } }
  await window.untilAnswered()
  await window.cut()
  expect(form.request).toMatchObject({ ...naming(red.id), mask: { id: red.id } })
  expect(start.problem).toBeNull()
  await window.comeBack()
  await until(() => start.picture !== null)
  expect(start.picture?.id).toBe(red.id)
})

it('an answer that comes late takes no newer picture’s place', async () => {
  const { window, red, blue, form, start } = await openStart()
  window.hold()
  form.request = { ...form.request, ...naming(red.id) }
  await window.untilAnswered()
  form.request = { ...form.request, ...naming(blue.id) }
  await window.untilAnswered(2)
  window.letGoBackwards()
  await until(() => start.picture !== null)
  expect(start.picture?.id).toBe(blue.id)
})

it('a picture that is not there any more is said, and is no longer asked for', async () => {
  const { form, start } = await openStart()
  form.request = { ...form.request, ...naming('0'.repeat(64)) }
  await until(() => start.problem !== null)
  expect([form.request.initImage, start.picture]).toEqual([null, null])
})

it('a sketch that arrives after its picture was taken away, or a file chosen, does not come back', async () => {
  const { form, start } = await openStart()
  const sketched = start.takeSketch(await picture('green'))
  start.clear()
  await sketched
  expect([form.request.initImage, start.picture]).toEqual([null, null])
  const again = start.takeSketch(await picture('green'))
  await start.takeFile(await picture('red', 72))
  await again
  expect(start.picture?.width).toBe(72)
})

it('a mask stays with sketches of its size and goes with any other picture', async () => {
  const { form, start } = await openStart()
  await start.takeSketch(await picture('green'))
  const mask = { id: start.picture!.id }
  form.request = { ...form.request, mask }
  await start.takeSketch(await picture('white'))
  expect(form.request.mask).toEqual(mask)
  await start.takeFile(await picture('red'))
  expect(form.request.mask).toBeNull()
})

it('the empty mask lies over the picture, and nothing over none', async () => {
  const { start } = await openStart()
  const mask = useMask()
  await start.takeFile(await picture('red', 72))
  await until(() => mask.mask !== null)
  expect([mask.mask?.width, mask.mask?.data.every((level) => level === 0)]).toEqual([72, true])
  mask.isOpen = true
  start.clear()
  await until(() => mask.mask === null)
  expect(mask.isOpen).toBe(false)
})

it('while the studio does not answer, a file is refused in sight, and the picture stays', async () => {
  const { window, start } = await openStart()
  await start.takeFile(await picture('red', 72))
  await window.cut()
  await start.takeFile(await picture('blue'))
  expect(start.problem?.code).toBe('disconnected')
  expect([start.picture?.width, start.busy]).toEqual([72, false])
})
