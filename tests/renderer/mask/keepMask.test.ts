import sharp from 'sharp'
import { expect, it } from 'vitest'
import { assetPaths } from '../../../src/shared/assetPaths.ts'
import type { InputImage } from '../../../src/shared/library/history.ts'
import { upload } from '../../../src/renderer/composables/request/upload.ts'
import { keepMask, type KeptMasks } from '../../../src/renderer/mask/keepMask.ts'
import { emptyMask, type Mask } from '../../../src/renderer/mask/mask.ts'
import { useForm } from '../../../src/renderer/stores/form.ts'
import { openStores } from '../stores/window.ts'

const side = 16
const blobOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)])

/** Grey pictures in the studio, as the window has them, without its canvas. */
const inStudio: KeptMasks = {
  async save({ data, width, height }) {
    const png = await sharp(data, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer()
    return (await upload(blobOf(png))).id
  },
  async load(id, { width, height }) {
    const answer = await fetch(assetPaths.input(id))
    const picture = sharp(await answer.arrayBuffer())
      .resize(width, height)
      .greyscale()
      .removeAlpha()
    return { width, height, data: new Uint8Array(await picture.raw().toBuffer()) }
  },
}

async function pictureOf(background: string): Promise<InputImage> {
  const create = { width: side, height: side, channels: 3 as const, background }
  return upload(blobOf(await sharp({ create }).png().toBuffer()))
}

async function openMask() {
  const window = await openStores()
  const form = useForm()
  const mask: { value: Mask | null } = { value: null }
  const keeping = keepMask(mask, (taken) => (mask.value = taken), form, inStudio)
  const [red, blue] = [await pictureOf('red'), await pictureOf('blue')]
  await keeping.lie(red)
  function paint(place: number): void {
    mask.value!.data[place] = 255
    keeping.saveSoon()
  }
  const named = () => form.request.mask?.id ?? null
  /** The places that are painted in the mask that the form names. */
  async function kept(): Promise<number[]> {
    const { data } = await inStudio.load(named()!, red)
    return [...data.keys()].filter((place) => data[place] > 0)
  }
  return { window, form, mask, keeping, red, blue, paint, named, kept }
}

it('what is painted while the mask is being kept is kept as well', async () => {
  const { keeping, paint, kept } = await openMask()
  paint(3)
  const first = keeping.settled()
  paint(7)
  await first
  await keeping.settled()
  expect(await kept()).toEqual([3, 7])
})

it('a mask that is kept too late is not another picture’s', async () => {
  const { keeping, blue, paint, named, mask } = await openMask()
  paint(3)
  const late = keeping.settled()
  await Promise.resolve()
  await keeping.lie(blue)
  await late
  expect(named()).toBeNull()
  expect(mask.value).toEqual(emptyMask(side, side))
})

it('what could not be kept is said, stays painted, and is kept once the studio is there again', async () => {
  const { window, keeping, paint, named, kept } = await openMask()
  await window.cut()
  paint(3)
  expect(await keeping.settled()).toBe(false)
  expect([keeping.problem.value?.code, named()]).toEqual(['disconnected', null])
  await window.comeBack()
  expect(await keeping.settled()).toBe(true)
  expect(keeping.problem.value).toBeNull()
  expect(await kept()).toEqual([3])
})

it('the mask that the form names lies over its picture again; one that is gone is said', async () => {
  const { form, keeping, red, blue, paint, mask } = await openMask()
  paint(3)
  await keeping.settled()
  const request = form.request
  await keeping.lie(null)
  expect(mask.value).toBeNull()
  await keeping.lie(red)
  expect(mask.value?.data[3]).toBe(255)

  form.request = { ...request, mask: { id: '0'.repeat(64) } }
  await keeping.lie(red)
  expect(keeping.problem.value).not.toBeNull()
  expect(mask.value).toEqual(emptyMask(side, side))

  // Its failure comes after another picture was taken.
  form.request = { ...request, mask: { id: '1'.repeat(64) } }
  const late = keeping.lie(red)
  form.request = request
  await keeping.lie(blue)
  await late
  expect([keeping.problem.value, mask.value?.data[3]]).toEqual([null, 255])
})

it('painting nothing any more names no mask', async () => {
  const { keeping, paint, mask, named } = await openMask()
  paint(3)
  await keeping.settled()
  expect(named()).not.toBeNull()
  mask.value!.data.fill(0)
  keeping.saveSoon()
  await keeping.settled()
  expect(named()).toBeNull()
})
