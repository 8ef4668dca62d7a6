import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import type { ImageRecord } from '../../../src/shared/library/history.ts'
import { useViewer, type Further } from '../../../src/renderer/stores/viewer.ts'

beforeEach(() => setActivePinia(createPinia()))

const list = (count: number, name = 'picture'): ImageRecord[] =>
  Array.from({ length: count }, (_, place) => ({ id: `${name} ${place}` }) as ImageRecord)

/** Gives 50 pictures to each side of one. */
const around =
  (all: readonly ImageRecord[]): Further =>
  async (id) => {
    const place = all.findIndex((image) => image.id === id)
    return all.slice(Math.max(0, place - 50), place + 51)
  }

it('a long list is walked through to both ends, and a bounded part of it is held', async () => {
  const all = list(1000)
  const viewer = useViewer()
  viewer.openViewer(all.slice(480, 520), 'picture 500', { more: around(all) })
  for (let place = 501; place < 1000; place++) {
    await viewer.step(1)
    expect(viewer.image?.id).toBe(`picture ${place}`)
    expect(viewer.images.length).toBeLessThanOrEqual(400)
  }
  await viewer.step(1)
  expect([viewer.image?.id, viewer.isLast]).toEqual(['picture 999', true])
  for (let place = 998; place >= 0; place--) {
    await viewer.step(-1)
    expect(viewer.image?.id).toBe(`picture ${place}`)
    expect(viewer.images.length).toBeLessThanOrEqual(400)
  }
  await viewer.step(-1)
  expect([viewer.image?.id, viewer.isFirst]).toEqual(['picture 0', true])
})

it('what could not be fetched is asked for again with the next step', async () => {
  const all = list(3)
  let isDown = true
  const viewer = useViewer()
  viewer.openViewer(all.slice(0, 1), 'picture 0', {
    more: (id) => (isDown ? Promise.reject(new Error('down')) : around(all)(id)),
  })
  await viewer.step(1)
  expect([viewer.image?.id, viewer.isLast]).toEqual(['picture 0', false])
  isDown = false
  await viewer.step(1)
  expect(viewer.image?.id).toBe('picture 1')
})

it('pictures that arrive for a list that was left do not come into the next', async () => {
  const viewer = useViewer()
  const late = Promise.withResolvers<readonly ImageRecord[]>()
  viewer.openViewer(list(1, 'old'), 'old 0', { more: () => late.promise })
  viewer.openViewer(list(2, 'new'), 'new 0')
  late.resolve(list(5, 'old'))
  await late.promise
  await viewer.step(1)
  expect(viewer.images.map(({ id }) => id)).toEqual(['new 0', 'new 1'])
})

it('the neighbour of a picture that goes shows, and after the last one the viewer closes and gives the focus back', () => {
  const viewer = useViewer()
  const seen: (string | null)[] = []
  viewer.openViewer(list(2), 'picture 1', { back: (id) => void seen.push(id) })
  viewer.leave('picture 1')
  expect(viewer.image?.id).toBe('picture 0')
  viewer.leave('picture 0')
  expect(viewer.isOpen).toBe(false)
  expect([viewer.giveBack(), viewer.giveBack()]).toEqual([true, false])
  expect(seen).toEqual([null])
})
