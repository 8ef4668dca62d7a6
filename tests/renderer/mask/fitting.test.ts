import { expect, it } from 'vitest'
import { fittingOf } from '../../../src/renderer/mask/fitting.ts'
import { nothingAdded } from '../../../src/renderer/mask/outpaint.ts'

const picture = { width: 200, height: 100 }
const square = { width: 256, height: 256 }

it('a wide picture in a square loses its sides, or has something added above and below, or is stretched', () => {
  const fitted = (mode: 'crop' | 'fit' | 'stretch') =>
    fittingOf(picture, { added: nothingAdded, result: square, mode })
  expect(fitted('crop')).toMatchObject({
    ...{ sheet: { width: 2, height: 1 }, change: 0.5 },
    inset: { left: 0, top: 0, right: 0, bottom: 0 },
  })
  expect(fitted('fit')).toMatchObject({
    ...{ sheet: { width: 1, height: 1 }, change: 0.5 },
    inset: { left: 0, top: 0.25, right: 0, bottom: 0.25 },
  })
  expect(fitted('stretch')).toMatchObject({
    ...{ sheet: { width: 1, height: 1 }, change: 1 },
    inset: { left: 0, top: 0, right: 0, bottom: 0 },
  })
})

it('a picture of the shape of the result needs no fitting, with all that is added to it', () => {
  const result = { width: 400, height: 200 }
  expect(fittingOf(picture, { added: nothingAdded, result, mode: 'crop' })).toBeNull()
  const added = { ...nothingAdded, bottom: 100 }
  expect(fittingOf(picture, { added, result: square, mode: 'crop' })).toBeNull()
  // 200 × 200 in 400 × 200: half of the height is seen, of which the picture was the upper part.
  expect(fittingOf(picture, { added, result, mode: 'crop' })).toMatchObject({
    ...{ sheet: { width: 1, height: 2 }, change: 0.5 },
    inset: { left: 0, top: 0, right: 0, bottom: 0.5 },
  })
})
