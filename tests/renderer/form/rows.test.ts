import { expect, it } from 'vitest'
import { placeIn, rowsOf, share } from '../../../src/renderer/components/create/fields/rows.ts'

interface Part {
  strength: number
  steps: number
  isSoft: boolean
}
const usual: Part = { strength: 0.5, steps: 0, isSoft: false }

function open(values: Part) {
  const changes: Partial<Part>[] = []
  const place = placeIn(values, usual, (changed) => changes.push(changed))
  const rows = rowsOf(
    {
      strength: { ...share(0.05), label: 'Strength' },
      steps: {
        ...{
          kind: 'number',
          label: 'Steps',
          min: 1,
          max: 9,
          step: 1,
          openText: 'same',
          value: values.steps || null,
        },
        set: (count: number | null) => place.write('steps', count),
      },
      isSoft: {
        ...{
          kind: 'choice',
          label: 'Edge',
          options: ['hard', 'soft'].map((value) => ({ value, label: value })),
        },
        value: values.isSoft ? 'soft' : 'hard',
        set: (edge: string) => place.write('isSoft', edge === 'soft'),
      },
    },
    place,
  )
  return { rows, changes }
}

it('a row has the value of its place as it is shown, and says whether that is the usual one', () => {
  const { rows } = open({ strength: 0.5, steps: 0, isSoft: true })
  expect(rows.strength).toMatchObject({ value: 0.5, changed: false })
  expect(rows.strength.control).toEqual({ kind: 'number', min: 0, max: 1, step: 0.05 })
  expect(rows.steps).toMatchObject({ value: null, changed: false })
  expect(rows.isSoft).toMatchObject({ value: 'soft', changed: true })
})

it('what is set is written into the part, what is left open or reset becomes the usual value', () => {
  const { rows, changes } = open({ strength: 0.7, steps: 3, isSoft: true })
  rows.strength.set(0.2)
  rows.steps.set(null)
  rows.isSoft.set('hard')
  rows.strength.reset()
  expect(changes).toEqual([{ strength: 0.2 }, { steps: 0 }, { isSoft: false }, { strength: 0.5 }])
})
