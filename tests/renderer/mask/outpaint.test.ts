import { expect, it } from 'vitest'
import { withSide } from '../../../src/renderer/mask/outpaint.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'

const picture = { width: 512, height: 384 }
const sizes = { max: 1024, multipleOf: 64 }
const request = { ...generationRequestSchema.parse({}), ...picture }

it('the request grows with its picture as far as the model can make it', () => {
  const wider = withSide(request, picture, { side: 'right', pixels: 127, sizes })
  expect(wider).toMatchObject({ width: 640, height: 384 })
  expect(wider.inpaint).toMatchObject({ area: 'whole', content: 'fill', outpaint: { right: 128, left: 0 } })
  const back = withSide({ ...wider, width: 640, height: 384 }, picture, { side: 'right', pixels: -9, sizes })
  expect(back).toMatchObject({ width: 512, height: 384, inpaint: { outpaint: null } })
})

it('where it cannot, or asks for another size, the masked area alone is painted', () => {
  const odd = withSide(request, picture, { side: 'top', pixels: 8, sizes })
  expect(odd).toMatchObject({ width: 512, height: 384, inpaint: { area: 'masked', outpaint: { top: 8 } } })
  const small = withSide({ ...request, width: 256 }, picture, { side: 'left', pixels: 64, sizes })
  expect(small).toMatchObject({ width: 256, height: 384, inpaint: { area: 'masked' } })
})
