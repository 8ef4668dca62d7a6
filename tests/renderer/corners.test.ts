import { expect, test } from 'vitest'
import { cornerSet, penMoved } from '../../src/renderer/keys/corners.ts'

test('Enter begins a line and sets its corners, the pen draws its last stretch, and a corner set twice ends it', () => {
  expect(penMoved([], { x: 1, y: 1 }), 'not begun').toEqual([])
  let { line, ended } = cornerSet([], { x: 0, y: 0 })
  line = penMoved(line, { x: 4, y: 0 })
  expect(line).toEqual([
    { x: 0, y: 0 },
    { x: 4, y: 0 },
  ])
  ;({ line, ended } = cornerSet(line, { x: 4, y: 0 }))
  expect(ended).toBe(false)
  line = penMoved(line, { x: 4, y: 3 })
  ;({ line, ended } = cornerSet(line, { x: 4, y: 3 }))
  ;({ line, ended } = cornerSet(line, { x: 4, y: 3 }))
  expect(ended).toBe(true)
  expect(line).toEqual([
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 4, y: 3 },
  ])
})
