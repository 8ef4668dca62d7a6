import { expect, it } from 'vitest'
import { drawRectangle } from '../../../src/renderer/mask/drawing.ts'
import { maskLayer } from '../../../src/renderer/mask/layer.ts'
import { emptyMask, isEmpty } from '../../../src/renderer/mask/mask.ts'

it('a layer tells of what was done, undone and done again; what is taken back was never done', () => {
  let done = 0
  const layer = maskLayer(() => done++)
  layer.take(emptyMask(20, 20))
  const mask = layer.mask.value!
  const square = () => drawRectangle(mask, { x: 2, y: 2 }, { x: 8, y: 8 }, false)

  const drawn = square()
  layer.show(drawn)
  expect([layer.changed.value?.rect, done]).toEqual([{ left: 2, top: 2, right: 8, bottom: 8 }, 0])
  layer.takeBack(drawn)
  expect([isEmpty(mask), layer.canUndo.value, done]).toEqual([true, false, 0])

  // What was shown while it was drawn is not shown once more when it is done.
  const shown = layer.changed.value
  layer.done(square())
  expect([layer.changed.value === shown, layer.canUndo.value, done]).toEqual([true, true, 1])
  layer.undo()
  done = 0

  layer.change(square)
  expect(layer.changed.value).not.toBe(shown)
  expect([layer.canUndo.value, layer.canRedo.value, done]).toEqual([true, false, 1])
  layer.undo()
  expect([isEmpty(mask), layer.canUndo.value, layer.canRedo.value, done]).toEqual([true, false, true, 2])
  layer.redo()
  layer.redo()
  expect([isEmpty(mask), layer.canRedo.value, done]).toEqual([false, false, 3])

  layer.take(null)
  layer.undo()
  expect([layer.mask.value, done]).toEqual([null, 3])
})
