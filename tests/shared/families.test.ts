import { expect, it } from 'vitest'
import { familyName, isOfFamily } from '../../src/shared/models/families.ts'

it.each([
  ['sd1', 'SD 1'],
  ['sd1-inpaint', 'SD 1 inpainting'],
  ['sdxl-refiner-inpaint', 'SDXL refiner inpainting'],
  ['flux2-klein', 'FLUX.2 klein'],
  ['ddpm', 'DDPM (pixels)'],
  ['of-tomorrow', 'of-tomorrow'],
  [null, ''],
])('people call %s "%s"', (family, name) => {
  expect(familyName(family)).toBe(name)
})

it.each([
  ['sd1', 'sd1-inpaint', true],
  ['sd1', 'sdxl', false],
  ['sd1', 'ddpm', false],
  ['sd1', null, true],
  ['sd1', 'of-tomorrow', true],
])('whether files of %s go with models of %s: %s', (own, family, fits) => {
  expect(isOfFamily({ family: own }, family)).toBe(fits)
})
