import { describe, expect, it } from 'vitest'
import { type Nodes, node, read, run } from './comfyGraphs.ts'

describe('guidance', () => {
  const guided = (guider: Nodes[string]) =>
    read({
      guider,
      other: node('CLIPTextEncode', { text: 'hat', clip: ['model', 1] }),
      noise: node('RandomNoise', { noise_seed: 5 }),
      method: node('SamplerDPMPP_2M_SDE', {
        solver_type: 'heun',
        eta: 0.5,
        s_noise: 1.1,
        noise_device: 'cpu',
      }),
      sigmas: node('KarrasScheduler', { steps: 11, sigma_max: 14, sigma_min: 0.03, rho: 6 }),
      run: node('SamplerCustomAdvanced', {
        ...{ noise: ['noise', 0], guider: ['guider', 0], sampler: ['method', 0], sigmas: ['sigmas', 0] },
        latent_image: ['empty', 0],
      }),
    })

  it('by a node of its own is taken, with a sampler and sigmas that are nodes', () => {
    const found = guided(
      node('CFGGuider', { cfg: 3.5, positive: ['yes', 0], negative: ['no', 0], model: ['model', 0] }),
    )
    expect(found.request).toMatchObject({
      ...{ guidanceScale: 3.5, sampler: 'DPM++ 2M SDE Heun', eta: 0.5, sNoise: 1.1, seed: 5, steps: 11 },
      ...{ schedule: 'Karras', sigmaMax: 14, sigmaMin: 0.03, rho: 6 },
    })
  })

  it('without a negative side has the scale 1', () => {
    const found = guided(node('BasicGuider', { conditioning: ['yes', 0], model: ['model', 0] }))
    expect(found.request).toMatchObject({ guidanceScale: 1, prompt: 'cat' })
    expect(found.request.negativePrompt).toBeUndefined()
  })

  it('by two texts takes the first, and says both scales and the second text', () => {
    const found = guided(
      node('DualCFGGuider', {
        ...{ cond1: ['yes', 0], cond2: ['other', 0], negative: ['no', 0], model: ['model', 0] },
        ...{ cfg_conds: 5, cfg_cond2_negative: 2, style: 'regular' },
      }),
    )
    expect(found.request).toMatchObject({ prompt: 'cat', negativePrompt: 'dog' })
    expect(found.lines.join('\n')).toMatch(/cfg_cond2_negative: 2/)
    expect(found.lines).toContainEqual(expect.stringMatching(/^cond2: hat/))
  })
})

describe('LoRAs', () => {
  it.each([
    [
      node('LoraLoader', {
        lora_name: 'x',
        strength_model: 0.5,
        strength_clip: 1,
        model: ['model', 0],
        clip: ['model', 1],
      }),
      ['["x",0.5,1]'],
    ],
    [
      node('LoraLoaderModelOnly', { lora_name: 'x', strength_model: 0.5, model: ['model', 0] }),
      ['["x",0.5]'],
    ],
    [
      node('Power Lora Loader (rgthree)', {
        ...{
          PowerLoraLoaderHeaderWidget: { type: 'PowerLoraLoaderHeaderWidget' },
          '➕ Add Lora': '',
          model: ['model', 0],
        },
        ...{ lora_1: { on: true, lora: 'x', strength: 0.5 }, lora_2: { on: false, lora: 'y', strength: 1 } },
      }),
      ['["x",0.5]'],
    ],
    [
      node('Lora Loader Stack (rgthree)', {
        ...{
          lora_01: 'x',
          strength_01: 0.5,
          lora_02: 'None',
          strength_02: 1,
          lora_03: 'y',
          strength_03: 0,
          model: ['model', 0],
        },
      }),
      ['["x",0.5]'],
    ],
    [
      node('CR LoRA Stack', {
        ...{ switch_1: 'On', lora_name_1: 'x', model_weight_1: 0.5, clip_weight_1: 1, model: ['model', 0] },
        ...{ switch_2: 'Off', lora_name_2: 'y', model_weight_2: 1, clip_weight_2: 1 },
      }),
      ['["x",0.5,1]'],
    ],
    [
      node('easy loraStack', {
        ...{
          toggle: true,
          mode: 'simple',
          num_loras: 1,
          lora_1_name: 'x',
          lora_1_strength: 0.5,
          model: ['model', 0],
        },
        ...{ lora_1_model_strength: 1, lora_1_clip_strength: 1, lora_2_name: 'y', lora_2_strength: 1 },
      }),
      ['["x",0.5]'],
    ],
    [
      node('Lora Loader (LoraManager)', {
        ...{ text: '<lora:x:0.5>', model: ['model', 0] },
        loras: {
          __value__: [
            { name: 'x', strength: 0.5, active: true },
            { name: 'y', strength: 1, active: false },
          ],
        },
      }),
      ['["x",0.5]'],
    ],
  ])('of %j are said with their weights, those that are on', (loras, said) => {
    const found = read({ loras, ...run({ model: ['loras', 0] }) })
    expect(found.model?.name).toBe('a.safetensors')
    expect(found.request.adapters).toEqual(
      said.map((value) => {
        const [name, unet, text = unet] = JSON.parse(value) as [string, number, number?]
        return { name, unet, text, blocks: null }
      }),
    )
    expect(found.lines).toEqual(said.map((value) => `LoRA: ${value} (takes part where this file is here)`))
  })
})

describe('Z-Image and FLUX.2-klein', () => {
  it('are read from the parts that ComfyUI loads them from; their latents are nothing foreign', () => {
    const found = read({
      model: node('UNETLoader', { unet_name: 'z_image_turbo_bf16.safetensors', weight_dtype: 'default' }),
      shifted: node('ModelSamplingAuraFlow', { model: ['model', 0], shift: 3 }),
      clip: node('CLIPLoader', { clip_name: 'qwen_3_4b.safetensors', type: 'lumina2', device: 'default' }),
      yes: node('CLIPTextEncode', { text: 'a fox', clip: ['clip', 0] }),
      no: node('ConditioningZeroOut', { conditioning: ['yes', 0] }),
      latent: node('EmptySD3LatentImage', { width: 1024, height: 768, batch_size: 1 }),
      vae: node('VAELoader', { vae_name: 'ae.safetensors' }),
      pass: node('KSampler', {
        ...{ seed: 47, steps: 8, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
        ...{ model: ['shifted', 0], positive: ['yes', 0], negative: ['no', 0], latent_image: ['latent', 0] },
      }),
      decode: node('VAEDecode', { samples: ['pass', 0], vae: ['vae', 0] }),
      save: node('SaveImage', { images: ['decode', 0] }),
    })
    expect(found.request).toMatchObject({
      prompt: 'a fox',
      steps: 8,
      guidanceScale: 1,
      width: 1024,
      height: 768,
    })
    expect(found.model).toMatchObject({ name: 'z_image_turbo_bf16.safetensors' })
    expect(found.lines).toContainEqual(
      expect.stringMatching(/^shift: ModelSamplingAuraFlow.*the model itself says it/),
    )
    expect(found.lines.join('\n')).not.toMatch(/family/)
  })

  it('edits by reference pictures, which are asked for', () => {
    const found = read({
      model: node('UNETLoader', { unet_name: 'flux-2-klein-4b-fp8.safetensors', weight_dtype: 'default' }),
      clip: node('CLIPLoader', { clip_name: 'qwen_3_4b.safetensors', type: 'flux2', device: 'default' }),
      yes: node('CLIPTextEncode', { text: 'make it night', clip: ['clip', 0] }),
      no: node('CLIPTextEncode', { text: '', clip: ['clip', 0] }),
      photo: node('LoadImage', { image: 'house.png' }),
      seen: node('VAEEncode', { pixels: ['photo', 0], vae: ['vae', 0] }),
      vae: node('VAELoader', { vae_name: 'flux2-vae.safetensors' }),
      edited: node('ReferenceLatent', { conditioning: ['yes', 0], latent: ['seen', 0] }),
      guider: node('CFGGuider', {
        model: ['model', 0],
        positive: ['edited', 0],
        negative: ['no', 0],
        cfg: 1,
      }),
      noise: node('RandomNoise', { noise_seed: 9 }),
      method: node('KSamplerSelect', { sampler_name: 'euler' }),
      spacing: node('Flux2Scheduler', { steps: 4, width: 1024, height: 1024 }),
      latent: node('EmptyFlux2LatentImage', { width: 1024, height: 1024, batch_size: 1 }),
      pass: node('SamplerCustomAdvanced', {
        ...{ noise: ['noise', 0], guider: ['guider', 0], sampler: ['method', 0] },
        ...{ sigmas: ['spacing', 0], latent_image: ['latent', 0] },
      }),
      decode: node('VAEDecode', { samples: ['pass', 0], vae: ['vae', 0] }),
      save: node('SaveImage', { images: ['decode', 0] }),
    })
    expect(found.request).toMatchObject({
      ...{ prompt: 'make it night', seed: 9, steps: 4, sampler: 'Euler', schedule: 'Automatic' },
      ...{ guidanceScale: 1, width: 1024, height: 1024 },
    })
    expect(found.lines).toContainEqual(expect.stringMatching(/ReferenceLatent.*choose it as a reference/))
    expect(found.lines.join('\n')).not.toMatch(/family/)
  })
})
