import { describe, expect, it } from 'vitest'
import { pngWithText } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng } from './files.ts'

const small = {
  steps: 28,
  sampler: 'k_dpmpp_2s_ancestral',
  seed: 7,
  scale: 11,
  uc: 'dog',
  strength: 0.69,
  noise: 0.667,
}
const basic = { ...small, width: 512, height: 768 }

function read(comment: object, source?: string, description = 'a cat') {
  const texts = {
    ...{ Title: 'AI generated image', Description: description, Software: 'NovelAI' },
    ...(source === undefined ? {} : { Source: source }),
    Comment: JSON.stringify(comment),
  }
  const chunks = Object.entries(texts).map(([keyword, text]) => ({ keyword, text }))
  const found = readGeneration(pngWithText(emptyPng, chunks))!
  return { ...found, keys: found.unmapped.map(({ key }) => key) }
}

describe('a NovelAI picture', () => {
  it.each([
    ['Stable Diffusion 81274D13', true],
    ['Stable Diffusion 1D09D794', true],
    ['Stable Diffusion F1022D28', false],
    ['Stable Diffusion XL C1E1DE52', false],
    ['NovelAI Diffusion V4.5 4BDE2A90', false],
    ['NovelAI Diffusion V5 657484A5', false],
    [undefined, true],
  ])('of the model %s has clip skip and ENSD of the first: %s', (source, isFirst) => {
    const found = read(basic, source)
    expect(found.model?.name).toBe(source)
    expect(found.request.clipSkip).toBe(isFirst ? 2 : undefined)
    expect(found.request.etaNoiseSeedDelta).toBe(isFirst ? 31337 : undefined)
    expect(found.request).toMatchObject({ sampler: 'DPM++ 2S a', negativePrompt: 'dog', guidanceScale: 11 })
    expect(found.keys).toEqual([])
  })

  it('has the size it was drawn at, not that of a picture made larger', () => {
    expect(read({ ...basic, width: 832, height: 1216 }).request).toMatchObject({ width: 832, height: 1216 })
    expect(read(small)).toMatchObject({ request: { width: 64 }, keys: ['height'] })
  })

  it.each(['a {cat}', '[cat], hat', '1.3::cat::', 'cat, -0.8::fog::', 'saber (fate)'])(
    'whose prompt weighs words as NovelAI does says so, and keeps the prompt: %s',
    (prompt) => {
      const found = read({ ...basic, prompt }, undefined, prompt)
      expect(found.request.prompt).toBe(prompt)
      expect(found.keys).toEqual(['prompt emphasis'])
    },
  )

  it('that started from a picture, or painted under a mask, says so', () => {
    const fromPicture = read({ ...basic, request_type: 'Img2ImgRequest', strength: 0.4, noise: 0.2 })
    expect(fromPicture.request.denoiseStrength).toBe(0.4)
    expect(fromPicture.keys).toEqual(['request_type', 'noise'])
    expect(read({ ...basic, request_type: 'NativeInfillingRequest' }).keys).toContain('mask')
    expect(read({ ...basic, request_type: 'PromptGenerateRequest' }).request.denoiseStrength).toBeUndefined()
  })

  it('says settings that were changed, and not those that nobody touched', () => {
    const untouched = {
      uncond_scale: 1,
      sm: false,
      reference_strength_multiple: [],
      prefer_brownian: true,
      n_samples: 1,
    }
    expect(
      read({ ...basic, ...untouched, extra_passthrough_testing: { r: 0, eta: 1, uc: null } }).keys,
    ).toEqual([])
    const changed = {
      uncond_scale: 0.5,
      sm: true,
      reference_strength_multiple: [0.6],
      dynamic_thresholding: true,
    }
    expect(read({ ...basic, ...changed }).keys).toEqual(Object.keys(changed))
  })
})
