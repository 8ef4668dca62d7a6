import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  actualPixels,
  moved,
  wholePicture,
  zoomedAt,
} from '../../../src/renderer/composables/pictures/zoomView.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })

test('coming closer leaves the point under the pointer where it is', () => {
  fc.assert(
    fc.property(share, share, fc.double({ min: 1.01, max: 4, noNaN: true }), (x, y, factor) => {
      const before = { zoom: 2, x: 0.5, y: 0.5 }
      const after = zoomedAt(before, factor, { x, y }, 0.5)
      // Where a point lies on the screen, from the middle, in widths of the whole picture.
      const placeIn = (view: typeof before): number => (x - view.x) * view.zoom
      expect(placeIn(after)).toBeCloseTo(placeIn(before), 9)
    }),
  )
})

test('it never goes further away than the whole picture, nor closer than 32 pixels for one', () => {
  expect(zoomedAt({ zoom: 2, x: 0.1, y: 0.9 }, 0.1, { x: 0, y: 0 }, 0.5)).toEqual(wholePicture)
  expect(zoomedAt(wholePicture, 1e6, { x: 0.5, y: 0.5 }, 0.5).zoom).toBe(64)
})

test('the whole picture cannot be moved; a part of it stays within it', () => {
  expect(moved(wholePicture, 0.5, 0.5)).toEqual(wholePicture)
  expect(moved({ zoom: 2, x: 0.9, y: 0.1 }, 0.5, -0.5)).toEqual({ zoom: 2, x: 1, y: 0 })
})

test('actual pixels and the whole picture take turns', () => {
  const close = actualPixels(wholePicture, 0.25)
  expect(close.zoom).toBe(4)
  expect(actualPixels(close, 0.25)).toEqual(wholePicture)
  expect(actualPixels(wholePicture, 3)).toEqual(wholePicture)
})
