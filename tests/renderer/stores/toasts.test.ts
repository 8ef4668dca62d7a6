import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { StudioError } from '../../../src/shared/errors.ts'
import { useToasts } from '../../../src/renderer/stores/toasts.ts'

beforeEach(() => setActivePinia(createPinia()))

const shown = () => useToasts().toasts.map(({ message }) => message)

it('the three newest show; one that is said again counts as new and stands once', () => {
  const toasts = useToasts()
  for (const message of ['a', 'b', 'c', 'b', 'd']) toasts.show({ message })
  expect(shown()).toEqual(['c', 'b', 'd'])
})

it('the newest offer under a name is done, once', () => {
  const toasts = useToasts()
  const done: string[] = []
  const offer = (message: string) =>
    toasts.show({ message, action: { label: 'Undo', run: () => done.push(message) } })
  offer('first')
  offer('second')
  toasts.show({ message: 'no offer' })
  expect([toasts.accept('Undo'), toasts.accept('Undo'), toasts.accept('Undo')]).toEqual([true, true, false])
  expect(done).toEqual(['second', 'first'])
  expect(shown()).toEqual(['no offer'])
})

it('what goes wrong is said with its code, and answered with nothing', async () => {
  const toasts = useToasts()
  const work = (): Promise<number> => Promise.reject(new StudioError('disk-full', 'The disk is full.'))
  expect(await toasts.attempt(work)).toBeUndefined()
  expect(toasts.toasts.map(({ error }) => error)).toEqual([
    { code: 'disk-full', message: 'The disk is full.' },
  ])
  expect(await toasts.attempt(async () => 1)).toBe(1)
})
