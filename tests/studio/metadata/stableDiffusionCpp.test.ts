import { describe, expect, it } from 'vitest'
import { pngWithText, type TextChunk } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng } from './files.ts'

const read = (...texts: TextChunk[]) => readGeneration(pngWithText(emptyPng, texts))!
const chunk = (keyword: string, text: unknown): TextChunk => ({
  keyword,
  text: typeof text === 'string' ? text : JSON.stringify(text),
})
const keysOf = ({ unmapped }: { unmapped: { key: string }[] }) => unmapped.map(({ key }) => key)

describe('stable-diffusion.cpp', () => {
  it('is read up to its JSON, with its own names', () => {
    const text =
      'a cat\nNegative prompt: dog\nSteps: 20, CFG scale: 7.000000, Guidance: 3.500000, Eta: 0.000000, Seed: 42, ' +
      'Size: 512x768, Model: sd15.safetensors, RNG: cuda, Sampler: euler_a karras, Version: stable-diffusion.cpp, ' +
      'SDCPP: {"a": {"b": "c, d: e"}}'
    expect(read(chunk('parameters', text))).toMatchObject({
      source: 'stable-diffusion.cpp',
      request: {
        sampler: 'Euler a',
        schedule: 'Karras',
        width: 512,
        height: 768,
        guidanceScale: 7,
        eta: 0,
        seedConvention: 'stable-diffusion.cpp',
      },
      model: { name: 'sd15.safetensors' },
      unmapped: [],
    })
  })
})

describe('stable-diffusion.cpp with a model in parts', () => {
  const line = (settings: string) =>
    read(chunk('parameters', `a cat\nSteps: 20, CFG scale: 1.0, ${settings}, Version: stable-diffusion.cpp`))

  it('names its network as the model, and says its text encoders and VAE', () => {
    const found = line(
      'Seed: 42, Size: 512x768, Model: , RNG: cuda, Sampler: euler discrete, TE: clip_l.safetensors, ' +
        'TE: clip_g.safetensors, TE: t5xxl.gguf, Unet: my_xl-Q8_0.gguf, VAE: fix.sft',
    )
    expect(found.model?.name).toBe('my_xl-Q8_0.gguf')
    expect(found.unmapped.map(({ key, value }) => `${key}: ${value}`)).toEqual([
      ...['TE: clip_l.safetensors', 'TE 2: clip_g.safetensors', 'TE 3: t5xxl.gguf', 'VAE: fix.sft'],
    ])
    expect(keysOf(line('Seed: 1, Model: a.gguf, Unet: b.gguf, Sampler: euler'))).toEqual(['Unet'])
  })

  it('takes an eta that counted, and none where the sampler had its own', () => {
    const eta = (settings: string) => line(`Seed: 42, Model: a.gguf, ${settings}`).request.eta
    expect(eta('Eta: inf, Sampler: euler_a')).toBeUndefined()
    expect(eta('Eta: 0.000000, Sampler: euler_a')).toBeUndefined()
    expect(eta('Eta: 0.500000, Sampler: euler_a')).toBe(0.5)
    expect(eta('Eta: 0.000000, Sampler: tcd')).toBe(0)
    expect(keysOf(line('Seed: 42, Model: a.gguf, Eta: inf, Sampler: euler_a'))).toEqual([])
  })

  it('says the LoRAs of its JSON, each once', () => {
    const json = {
      loras: [
        { name: 'x.safetensors', multiplier: 0.5 },
        { name: 'y.safetensors', multiplier: 1 },
      ],
    }
    const text = `a cat<lora:y:1>\nSteps: 20, CFG scale: 1.0, Seed: 42, Model: a.gguf, Version: stable-diffusion.cpp, SDCPP: ${JSON.stringify(json)}`
    const found = read(chunk('parameters', text))
    expect(found.unmapped.map(({ key, value }) => `${key}: ${value}`)).toEqual([
      'LoRA: ["x.safetensors",0.5]',
      'LoRA: y:1',
    ])
  })
})
