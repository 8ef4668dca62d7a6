import { expect, it } from 'vitest'
import { abilitiesOf } from '../../../src/renderer/lab/abilities.ts'

const whole = { network: 'unet', hasTextEncoder: true, canEncodeImages: true } as const

it('a model that can be looked into has no limits; of another it is said what closes which page', () => {
  expect(abilitiesOf(whole)).toEqual({
    limits: [],
    pages: ['forwards', 'steps', 'attention', 'unet', 'latent', 'race'],
  })
  const exported = { ...whole, network: 'exported', canEncodeImages: false } as const
  expect(abilitiesOf(exported)).toEqual({
    limits: ['exported', 'noEncoder'],
    pages: ['steps', 'latent', 'race'],
  })
  const ofPixels = { ...whole, hasTextEncoder: false }
  expect(abilitiesOf(ofPixels)).toEqual({
    limits: ['noText'],
    pages: ['forwards', 'steps', 'unet', 'latent', 'race'],
  })
})
