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

describe('SwarmUI', () => {
  const swarm = (parameters: object) =>
    read(chunk('parameters', { sui_image_params: { prompt: 'a cat', ...parameters } }))

  it('that started from a picture says so, with or without the picture in its data', () => {
    for (const parameters of [
      { initimagecreativity: 0.4 },
      { initimagecreativity: '0.4', initimage: 'abc' },
    ]) {
      const found = swarm(parameters)
      expect(found.request.denoiseStrength).toBe(0.4)
      expect(found.unmapped).toEqual([expect.objectContaining({ key: 'initimage' })])
    }
    expect(keysOf(swarm({ initimagecreativity: 1, maskimage: 'abc' }))).toEqual(['initimage', 'maskimage'])
  })

  it('that was drawn larger again by the same model has a second pass; by another one it is said', () => {
    const refining = {
      ...{ refinerupscale: 1.5, refinercontrolpercentage: 0.4, refinermethod: 'PostApply' },
      ...{ refinerupscalemethod: 'model-4x-Sharp.pth', refinersteps: '20' },
    }
    const found = swarm(refining)
    const hires = { scale: 1.5, upscaler: '4x-Sharp', denoiseStrength: 0.4, steps: 20 }
    expect(found.request.hires).toMatchObject(hires)
    expect(found.unmapped.map(({ file }) => file)).toEqual([{ kind: 'upscaler', name: '4x-Sharp' }])
    const other = swarm({ ...refining, refinermodel: 'other' })
    expect(other.request.hires).toBeUndefined()
    expect(keysOf(other)).toEqual([...Object.keys(refining), 'refinermodel'])
  })

  it('has its ControlNets but for their pictures', () => {
    const found = swarm({
      controlnetmodel: 'edges',
      controlnetstrength: '0.7',
      controlnetpreprocessor: 'canny',
    })
    expect(found.request.controls).toMatchObject([{ model: 'edges', weight: 0.7, preprocessor: 'canny' }])
    expect(keysOf(found)).toEqual(['controlnetmodel', 'ControlNet'])
  })

  it('says LoRAs with their weights, a VAE and its own syntax, and nothing of what nobody set', () => {
    const found = swarm({
      ...{
        prompt: 'a cat <segment:face,0.5> smiling',
        loras: ['x', 'y'],
        loraweights: ['0.5', '1'],
        vae: 'fix',
      },
      ...{
        automaticvae: true,
        sidelength: 768,
        seamlesstileable: 'false',
        rescalecfgmultiplier: 0.7,
        samplerrho: 5,
      },
    })
    expect(found.unmapped.map(({ key, value }) => `${key}: ${value}`)).toEqual([
      ...['LoRA: ["x","0.5"]', 'LoRA: ["y","1"]', 'vae: fix', 'prompt: <segment:face,0.5>'],
    ])
    expect(found.request).toMatchObject({ guidanceRescale: 0.7, rho: 5 })
  })

  it('is read from its JSON, whose values may be text', () => {
    const found = read(
      chunk('parameters', {
        sui_image_params: {
          prompt: 'cat',
          negativeprompt: 'dog',
          cfgscale: '6.5',
          steps: 12,
          seed: '77',
          sampler: 'dpmpp_2m',
          scheduler: 'karras',
          width: 640,
          height: 512,
          model: 'sdxl/base',
          loras: ['x'],
        },
        sui_models: [{ name: 'base.safetensors', param: 'model', hash: '0x12' }],
      }),
    )
    expect(found).toMatchObject({
      source: 'SwarmUI',
      request: {
        prompt: 'cat',
        negativePrompt: 'dog',
        guidanceScale: 6.5,
        steps: 12,
        seed: 77,
        sampler: 'DPM++ 2M',
        schedule: 'Karras',
        width: 640,
        height: 512,
      },
      model: { name: 'base.safetensors', hash: '0x12' },
    })
    expect(keysOf(found)).toEqual(['LoRA'])
  })
})
