import { expect, it } from 'vitest'
import { useLibrary } from '../../../src/renderer/stores/library.ts'
import { runToEnd } from '../../studio/fixtures/testStudio.ts'
import { openStores, until } from './window.ts'

/** The library with a picture of each prompt, the last one newest, as somebody looks at it. */
async function openLibrary(...prompts: string[]) {
  const window = await openStores()
  const ids: string[] = []
  for (const prompt of prompts) ids.push(...(await runToEnd(window.studio, { prompt, steps: 1 })).imageIds)
  const library = useLibrary()
  await library.show({ search: '' })
  await library.look({ first: 0, last: 20 })
  await until(() => library.total === prompts.length)
  const shown = () => Array.from({ length: library.count }, (_, place) => library.places.at(place)?.id)
  return { window, calls: window.studio.calls, library, ids, shown }
}

it('of two searches the last one shows, whichever answer comes first', async () => {
  const { window, library, ids, shown } = await openLibrary('a cat', 'another cat', 'a dog')
  window.hold()
  const first = library.show({ search: 'cat' })
  await window.untilAnswered()
  const last = library.show({ search: 'dog' })
  window.letGoBackwards()
  await Promise.all([first, last])
  expect(shown()).toEqual([ids[2]])
})

it('what somebody else throws away is not selected any more; the rest stays selected', async () => {
  const { calls, library, ids, shown } = await openLibrary('one', 'two', 'three')
  await library.selectAll()
  expect(library.selected.size).toBe(3)
  await calls.trash([ids[1]])
  await until(() => library.selected.size < 3)
  expect([...library.selected].toSorted()).toEqual([ids[0], ids[2]].toSorted())
  expect(shown()).toEqual([ids[2], ids[0]])
})

it('what is selected while it is asked what is gone stays', async () => {
  const { window, library, ids } = await openLibrary('one', 'two')
  library.select([ids[0], 'gone'])
  window.hold()
  const asking = library.unselectGone()
  await window.untilAnswered()
  library.select(ids)
  window.letGoBackwards()
  await asking
  expect([...library.selected]).toEqual(ids)
})

it('another search selects nothing; a new picture of this one comes first', async () => {
  const { window, library, ids, shown } = await openLibrary('a cat', 'a dog')
  library.select(ids)
  await library.show({ search: 'cat' })
  expect(library.selected.size).toBe(0)
  const { imageIds } = await runToEnd(window.studio, { prompt: 'another cat', steps: 1 })
  await until(() => library.count === 2)
  expect(shown()).toEqual([imageIds[0], ids[0]])
})

it('pictures that came while nothing was heard are there after the next connection', async () => {
  const { window, library, ids, shown } = await openLibrary('one')
  await window.cut()
  const { imageIds } = await runToEnd(window.studio, { prompt: 'two', steps: 1 })
  expect(shown()).toEqual(ids)
  await window.comeBack()
  await until(() => library.count === 2)
  expect(shown()).toEqual([imageIds[0], ids[0]])
})
