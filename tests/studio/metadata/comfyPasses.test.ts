import { describe, expect, it } from 'vitest'
import { node, nothingElse, read, run, sampler } from './comfyGraphs.ts'

describe('what a pass starts from', () => {
  it('may be a picture under a mask, at the size it is brought to', () => {
    const found = read({
      picture: node('LoadImage', { image: 'garden.png' }),
      scale: node('ImageScale', {
        image: ['picture', 0],
        width: 768,
        height: 512,
        upscale_method: 'area',
        crop: 'center',
      }),
      encode: node('VAEEncode', { pixels: ['scale', 0], vae: ['model', 2] }),
      masked: node('SetLatentNoiseMask', { samples: ['encode', 0], mask: ['picture', 1] }),
      ...run({ latent_image: ['masked', 0], denoise: 0.45 }),
    })
    expect(found.request).toMatchObject({ denoiseStrength: 0.45, width: 768, height: 512 })
    expect(found.lines).toContainEqual(expect.stringMatching(/^mask: SetLatentNoiseMask/))
    expect(found.lines).toContainEqual(expect.stringMatching(/^image: .*garden\.png.*choose it again/))
  })

  it('may stand in a node that also conditions (InpaintModelConditioning)', () => {
    const found = read({
      picture: node('LoadImage', { image: 'garden.png' }),
      both: node('InpaintModelConditioning', {
        ...{
          positive: ['yes', 0],
          negative: ['no', 0],
          vae: ['model', 2],
          pixels: ['picture', 0],
          mask: ['picture', 1],
        },
      }),
      ...run({ positive: ['both', 0], negative: ['both', 1], latent_image: ['both', 2] }),
    })
    expect(found.request).toMatchObject({ prompt: 'cat', negativePrompt: 'dog', denoiseStrength: 1 })
    expect(found.lines.join('\n')).toMatch(/garden\.png/)
    expect(found.lines.join('\n')).toMatch(/under a mask/)
  })

  it.each([
    [
      node('SDXL Empty Latent Image (rgthree)', {
        dimensions: ' 832 x 1216  (portrait)',
        clip_scale: 2,
        batch_size: 1,
      }),
    ],
    [node('SDXLEmptyLatentSizePicker+', { resolution: '832x1216 (0.68)', batch_size: 1 })],
    [node('EmptyLatentImage', { width: ['size', 0], height: ['size', 1], batch_size: 1 })],
    [node('EmptySD3LatentImage', { width: 832, height: 1216, batch_size: 1 })],
  ])('has the size that %j names', (empty) => {
    const size = node('CR SDXL Aspect Ratio', {
      width: 64,
      height: 64,
      aspect_ratio: '5:8 portrait 832x1216',
      swap_dimensions: 'Off',
    })
    expect(read({ size, empty }).request).toMatchObject({ width: 832, height: 1216 })
  })
})

describe('several samplers', () => {
  const second = (inputs: Record<string, unknown>) =>
    node('KSampler', { ...sampler, seed: 2, steps: 5, denoise: 0.5, ...inputs })

  it('the one that what is saved starts from decides; a second pass is said with its size', () => {
    const found = read({
      up: node('LatentUpscaleBy', { samples: ['run', 0], upscale_method: 'bislerp', scale_by: 1.5 }),
      aside: second({ seed: 3 }),
      again: second({ latent_image: ['up', 0] }),
      decode: node('VAEDecode', { samples: ['again', 0], vae: ['model', 2] }),
    })
    expect(found.request).toMatchObject({ seed: 1, steps: 12 })
    expect(found.lines).toContainEqual(
      expect.stringMatching(/^node again: .*seed: 2.*at 768x960 .*second pass/),
    )
    expect(found.lines).toContainEqual(expect.stringMatching(/^node aside/))
  })

  const upscaled = (type: string, inputs: Record<string, unknown>) => ({
    up: node(type, inputs),
    again: second({ cfg: 5, latent_image: ['up', 0] }),
    decode: node('VAEDecode', { samples: ['again', 0], vae: ['model', 2] }),
  })

  it('of which the second draws the enlarged latents of the first are a first and a second pass', () => {
    const by = { samples: ['run', 0], upscale_method: 'nearest-exact', scale_by: 1.5 }
    const found = read(upscaled('LatentUpscaleBy', by))
    expect(found.request).toMatchObject({
      ...{ seed: 1, steps: 12 },
      hires: {
        ...{ width: 768, height: 960, upscaler: 'Latent (nearest-exact)' },
        ...{ steps: 5, denoiseStrength: 0.5, guidanceScale: 5, sampler: 'Euler' },
      },
    })
    expect(found.lines).toEqual([
      expect.stringMatching(/^node again: .*seed: 2.*taken over as the second pass/),
    ])
  })

  it('of which the second has other texts are said', () => {
    const by = { samples: ['run', 0], upscale_method: 'nearest-exact', scale_by: 1.5 }
    const other = node('CLIPTextEncode', { text: 'fox', clip: ['model', 1] })
    const found = read({
      ...upscaled('LatentUpscaleBy', by),
      other,
      again: second({ latent_image: ['up', 0], positive: ['other', 0] }),
    })
    expect(found.request.hires).toBeUndefined()
    expect(found.lines).toContainEqual(expect.stringMatching(/^node again: .*of another kind/))
  })

  it('in a circle are read too', () => {
    expect(
      read({ ...run({ latent_image: ['again', 0] }), again: second({ latent_image: ['run', 0] }) }).request
        .seed,
    ).toBeTypeOf('number')
  })

  it('of packs are read where they are plain, and their own settings are said', () => {
    const found = read({
      run: node('ClownsharKSampler_Beta', {
        ...sampler,
        eta: 0.5,
        sampler_mode: 'standard',
        bongmath: true,
        steps_to_run: -1,
      }),
    })
    expect(found.request).toMatchObject({ seed: 1, steps: 12, sampler: 'Euler', prompt: 'cat', width: 512 })
    expect(found.lines).toEqual([
      expect.stringMatching(/^node run: .*eta: 0.5, sampler_mode: standard, bongmath: true/),
    ])
  })
})

describe('a pack that samples in its own way', () => {
  it('without a known sampler offers what is plain: settings of one node, texts by their names, the model', () => {
    const found = read({
      ...nothingElse,
      settings: node('SeargeGenerationParameters', {
        ...{
          seed: 5,
          image_size_preset: '896x1152 (3:4)',
          image_width: 1024,
          image_height: 1024,
          steps: 30,
          cfg: 7,
        },
        ...{ sampler_name: 'dpmpp_2m', scheduler: 'karras', base_vs_refiner_ratio: 0.8, data: ['models', 0] },
      }),
      models: node('SeargeModelSelector', {
        base_checkpoint: 'xl.safetensors',
        refiner_checkpoint: 'r.safetensors',
      }),
      loras: node('SeargeLoras', {
        lora_1: 'off.safetensors',
        lora_1_strength: 0.2,
        lora_2: 'none',
        lora_2_strength: 0.5,
      }),
      words: node('SeargePromptAdapterV2', {
        main_prompt: ['box', 0],
        negative_main_prompt: 'mud',
        data: ['settings', 0],
      }),
      box: node('SeargeTextInputV2', { prompt: 'a red hat' }),
    })
    expect(found.request).toMatchObject({
      ...{
        seed: 5,
        steps: 30,
        guidanceScale: 7,
        sampler: 'DPM++ 2M',
        schedule: 'Karras',
        width: 896,
        height: 1152,
      },
      ...{ prompt: 'a red hat', negativePrompt: 'mud' },
    })
    expect(found.model?.name).toBe('xl.safetensors')
    expect(found.lines).toContainEqual(expect.stringMatching(/^prompt: .*no sampler node that is known/))
    expect(found.lines).toContain('LoRA: ["off.safetensors",0.2] (takes part where this file is here)')
  })

  it('with two nodes of settings takes none of them', () => {
    const settings = (seed: number) => node('OddSettings', { seed, steps: 30, cfg: 7 })
    expect(read({ ...nothingElse, one: settings(1), two: settings(2) }).request.seed).toBeUndefined()
  })

  it('through samplers that are handed in (TwoSamplersForMask), and regions of a text (Cutoff)', () => {
    const found = read({
      pipe: node('ToBasicPipe', {
        model: ['model', 0],
        clip: ['model', 1],
        positive: ['cut', 0],
        negative: ['no', 0],
      }),
      cut: node('BNK_CutoffRegionsToConditioning', {
        mask_token: '',
        strict_mask: 1,
        clip_regions: ['regions', 0],
      }),
      regions: node('BNK_CutoffSetRegions', {
        region_text: 'red hat',
        target_text: 'red',
        weight: 1,
        clip_regions: ['text', 0],
      }),
      text: node('BNK_CutoffBasePrompt', { text: 'a red hat', clip: ['model', 1] }),
      base: node('KSamplerProvider', {
        ...{ seed: 9, steps: 20, cfg: 8, sampler_name: 'euler', scheduler: 'karras', denoise: 0.4 },
        basic_pipe: ['pipe', 0],
      }),
      picture: node('LoadImage', { image: 'a.png' }),
      encode: node('VAEEncode', { pixels: ['picture', 0], vae: ['model', 2] }),
      run: node('TwoSamplersForMask', {
        latent_image: ['encode', 0],
        base_sampler: ['base', 0],
        mask: ['picture', 1],
      }),
    })
    expect(found.request).toMatchObject({ seed: 9, steps: 20, prompt: 'a red hat', denoiseStrength: 0.4 })
    expect(found.model?.name).toBe('a.safetensors')
    expect(found.lines).toContainEqual(expect.stringMatching(/^positive: BNK_CutoffSetRegions .*red hat/))
  })

  it('a pass that makes noise of a picture is no pass that draws', () => {
    const found = read({
      back: node('ClownsharKSampler', { ...sampler, seed: 4, sampler_mode: 'unsample' }),
      run: node('ClownsharKSampler', { ...sampler, latent_image: ['back', 0], sampler_mode: 'resample' }),
    })
    expect(found.request.seed).toBe(1)
    expect(found.lines.join('\n')).toMatch(/sampler_mode: unsample/)
  })
})
