import { describe, expect, it } from 'vitest'
import { writeExif } from '../../../src/studio/metadata/exif.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { jpegAround, linesOf, readTexts } from './files.ts'

describe('settings that are one JSON object', () => {
  it('of RuinedFooocus', () => {
    const found = readTexts({
      parameters: {
        Prompt: 'a harbor',
        Negative: 'blur',
        steps: 28,
        cfg: 7,
        width: 1024,
        height: 768,
        seed: 1730462285,
        sampler_name: 'dpmpp_2m_sde_gpu',
        scheduler: 'karras',
        base_model_name: 'inkwellXL.safetensors',
        base_model_hash: 'A7C0',
        loras: [['BFA3', '0.5 - chalk.safetensors']],
        start_step: 0,
        denoise: null,
        clip_skip: 1,
        software: 'RuinedFooocus',
      },
    })
    expect(found).toMatchObject({
      source: 'RuinedFooocus',
      request: { prompt: 'a harbor', sampler: 'DPM++ 2M SDE', schedule: 'Karras', seedConvention: 'ComfyUI' },
      model: { name: 'inkwellXL.safetensors', hash: 'A7C0' },
    })
    expect(linesOf(found)).toEqual([
      'LoRA: ["BFA3","0.5 - chalk.safetensors"] (takes part where this file is here)',
    ])
    expect(found?.request.adapters).toMatchObject([{ name: 'chalk', unet: 0.5, text: 0.5 }])
  })

  it('of Fooocus: what ran is the full prompt, with styles and expansion in it', () => {
    const found = readTexts({
      fooocus_scheme: 'fooocus',
      parameters: {
        prompt: 'a cat',
        full_prompt: ['postcard of a cat', 'a cat, calm'],
        negative_prompt: '',
        full_negative_prompt: ['blur'],
        styles: "['Fooocus V2']",
        performance: 'Speed',
        refiner_model: 'None',
        refiner_switch: 0.5,
        vae: 'Default (model)',
        resolution: '(1152, 896)',
        guidance_scale: 4,
        sharpness: 2,
        sampler: 'dpmpp_2m_sde_gpu',
        scheduler: 'karras',
        seed: '12',
        steps: 30,
        loras: [['offset', 0.1, '4852']],
        lora_combined_1: 'offset : 0.1',
        version: 'Fooocus v2.5.5',
      },
    })
    expect(found).toMatchObject({
      source: 'Fooocus',
      request: {
        prompt: 'postcard of a cat, a cat, calm',
        negativePrompt: 'blur',
        width: 1152,
        height: 896,
        seedConvention: 'ComfyUI',
      },
    })
    expect(linesOf(found)).toEqual([
      'sharpness: 2 (has no counterpart here)',
      'LoRA: ["offset",0.1,"4852"] (takes part where this file is here)',
      'full_prompt: 2 texts (were encoded one by one; here they are joined)',
    ])
  })

  it('of FooocusPlus, under "Comment" and in words', () => {
    const found = readTexts({
      Comment: {
        'Full Prompt': ['a row of pots'],
        Prompt: 'a row of pots',
        'Guidance Scale': 5.5,
        'CLIP Skip': 2,
        'Base Model': 'inkwellXL',
        Resolution: '(1152, 896)',
        Sampler: 'dpmpp_2m_sde_gpu',
        Scheduler: 'karras',
        Seed: '6120849937715046218',
        Steps: 30,
        Version: 'FooocusPlus 1.0.0',
      },
    })
    expect(found).toMatchObject({
      source: 'FooocusPlus',
      request: { prompt: 'a row of pots', seed: '6120849937715046218', clipSkip: 2, width: 1152 },
      model: { name: 'inkwellXL' },
      unmapped: [],
    })
  })

  it('of a Hugging Face Space, in the words of diffusers', () => {
    const found = readTexts({
      parameters: {
        prompt: 'a harbor',
        resolution: '832 x 1216',
        guidance_scale: 6.5,
        num_inference_steps: 24,
        seed: 5,
        sampler: 'DPM++ 2M SDE Karras',
        style_preset: '(None)',
        use_upscaler: {
          upscale_method: 'nearest-exact',
          upscaler_strength: 0.55,
          upscale_by: 1.5,
          new_resolution: '1248 x 1824',
        },
      },
    })
    expect(found).toMatchObject({
      source: 'Hugging Face Space',
      request: {
        width: 832,
        height: 1216,
        steps: 24,
        sampler: 'DPM++ 2M SDE',
        schedule: 'Karras',
        seedConvention: 'diffusers',
        hires: { scale: 1.5, upscaler: 'Latent (nearest-exact)', denoiseStrength: 0.55 },
      },
    })
    expect(linesOf(found)).toEqual(['style_preset: (None) (has no counterpart here)'])
  })

  it('of imaginAIry, whose strength is what is kept of a picture', () => {
    const settings = {
      software: 'imaginairy',
      prompts: [[1, 'a jug']],
      prompt_strength: 7.5,
      seed: 4,
      steps: 35,
    }
    const from = {
      ...settings,
      init_image: 'start.jpg',
      init_image_strength: 0.3,
      sampler_type: 'k_dpmpp_2m',
    }
    const found = readTexts({ parameters: { prompt: from } })
    expect(found).toMatchObject({
      source: 'imaginAIry',
      request: { prompt: 'a jug', guidanceScale: 7.5, denoiseStrength: 0.7, sampler: 'DPM++ 2M' },
    })
    expect(linesOf(found)).toEqual([expect.stringContaining('started from a picture')])
    const blended = readTexts({
      parameters: {
        prompt: {
          ...settings,
          init_image: 'None',
          prompts: [
            [1, 'a jug'],
            [0.5, 'ink'],
          ],
        },
      },
    })
    expect(blended?.request).toMatchObject({ prompt: 'a jug, ink' })
    expect(linesOf(blended)).toEqual([expect.stringContaining('by weight')])
  })

  it('of imaginAIry in its later form, with the texts as objects and nothing to start from', () => {
    const settings = {
      prompt: [{ text: 'a jug', weight: 1 }],
      negative_prompt: [{ text: 'blur', weight: 1 }],
      prompt_strength: 7.5,
      init_image: 'None',
      init_image_strength: 0.2,
      mask_mode: 'replace',
      model_weights: { name: 'Inkwell XL', architecture: { name: 'Stable Diffusion XL' } },
      solver_type: 'ddim',
      seed: 1,
      steps: 50,
      size: [1024, 768],
    }
    expect(readTexts({ parameters: { prompt: settings } })).toMatchObject({
      source: 'imaginAIry',
      request: {
        prompt: 'a jug',
        negativePrompt: 'blur',
        guidanceScale: 7.5,
        sampler: 'DDIM',
        width: 1024,
        height: 768,
      },
      model: { name: 'Inkwell XL' },
      unmapped: [],
    })
  })

  it('of a program that is not known is read in words that everybody uses, without its noise', () => {
    const found = readTexts({
      parameters: { positive: 'a cat', cfgScale: 6, steps: 12, seed: 3, secret: 'x' },
    })
    expect(found).toMatchObject({
      source: 'JSON of an unknown program',
      request: { prompt: 'a cat', guidanceScale: 6, steps: 12, seed: 3 },
    })
    expect(found?.request).not.toHaveProperty('seedConvention')
    expect(linesOf(found)).toEqual([
      'secret: x (has no counterpart here)',
      'seed: 3 (draws its noise in a way that is not known here)',
    ])
  })

  it('that says nothing of a picture never becomes a prompt', () => {
    const found = readTexts({ parameters: { caption: 'x, Steps: 3, Seed: 4, Size: 5x5' } })
    expect(found).toMatchObject({ source: 'JSON of an unknown program', request: {} })
    expect(linesOf(found)).toEqual([expect.stringContaining('caption')])
  })

  it('in a text file is only generation data where it holds a prompt and settings', () => {
    expect(readGeneration(Buffer.from('{"name": "x", "version": "1.0.0", "steps": 3}'))).toBeNull()
    expect(readGeneration(Buffer.from('{"prompt": "a cat", "steps": 3, "seed": 4}'))?.request.prompt).toBe(
      'a cat',
    )
  })
})

describe('a ComfyUI picture with a text beside the graph', () => {
  const graph = (inputs: object) => ({
    m: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'right.safetensors' } },
    e: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 768, batch_size: 1 } },
    k: {
      class_type: 'KSampler',
      inputs: {
        seed: 5,
        steps: 9,
        cfg: 4,
        sampler_name: 'heun',
        scheduler: 'normal',
        denoise: 1,
        model: ['m', 0],
        latent_image: ['e', 0],
        ...inputs,
      },
    },
    s: { class_type: 'SaveImage', inputs: { images: ['k', 0] } },
  })
  const text =
    'from the text\nNegative prompt: dog\nSteps: 20, Sampler: euler_simple, CFG Scale: 8.0, Seed: 0, Size: 512x768, ' +
    'Model: wrong, Version: ComfyUI'

  it('is read by its graph; the text fills in what the graph does not tell, and the rest of it is said', () => {
    const found = readTexts({ prompt: graph({}), parameters: text })
    expect(found).toMatchObject({
      source: 'ComfyUI',
      request: {
        prompt: 'from the text',
        negativePrompt: 'dog',
        steps: 9,
        seed: 5,
        sampler: 'Heun',
        guidanceScale: 4,
      },
      model: { name: 'right.safetensors' },
    })
    expect(linesOf(found)).toContainEqual(
      'parameters: steps: 20, sampler: "Euler", schedule: "Simple", guidanceScale: 8, seed: 0 ' +
        '(is not what the graph says that ran, which is taken)',
    )
  })

  it('is read by the text where the graph has no sampler that is known', () => {
    const found = readTexts({ prompt: { a: { class_type: 'Odd', inputs: {} } }, parameters: text })
    expect(found).toMatchObject({
      source: 'ComfyUI',
      request: {
        prompt: 'from the text',
        steps: 20,
        sampler: 'Euler',
        schedule: 'Simple',
        seedConvention: 'ComfyUI',
      },
      model: { name: 'wrong' },
    })
    expect(linesOf(found)).toContainEqual(expect.stringContaining('Odd'))
  })

  it('of Tensor.Art has its model from the text, by its name', () => {
    const data = {
      prompt: 'x',
      ksamplerName: 'euler',
      cfgScale: 4,
      baseModel: { modelFileName: 'Inkwell', hash: 'C41D' },
    }
    expect(readTexts({ prompt: graph({}), generation_data: `${JSON.stringify(data)}\0` })).toMatchObject({
      source: 'Tensor.Art (ComfyUI)',
      model: { name: 'Inkwell', hash: 'c41d' },
    })
  })
})

describe('Easy Diffusion', () => {
  const settings = {
    prompt: 'a lighthouse, (storm)1.2',
    negative_prompt: 'fog',
    seed: 1234567,
    use_stable_diffusion_model: 'sd-v1-5',
    clip_skip: true,
    use_vae_model: '',
    sampler_name: 'euler_a',
    width: 768,
    height: 512,
    num_inference_steps: 25,
    guidance_scale: 7.5,
    use_lora_model: ['ink', 'soft light'],
    lora_alpha: [0.5, 0.7],
    tiling: null,
    use_face_correction: null,
    use_upscale: 'RealESRGAN_x4plus',
    upscale_amount: 4,
  }
  const expected = {
    source: 'Easy Diffusion',
    request: {
      prompt: settings.prompt,
      negativePrompt: 'fog',
      seed: 1234567,
      steps: 25,
      guidanceScale: 7.5,
      width: 768,
      height: 512,
      sampler: 'Euler a',
      clipSkip: 2,
      seedConvention: 'AUTOMATIC1111 GPU',
      adapters: [
        { name: 'ink', unet: 0.5 },
        { name: 'soft light', unet: 0.7 },
      ],
      upscale: { upscaler: 'RealESRGAN_x4plus', scale: 4 },
    },
    model: { name: 'sd-v1-5' },
  }
  const left = [
    'LoRA: ink:0.5 (takes part where this file is here)',
    'LoRA: soft light:0.7 (takes part where this file is here)',
    'use_upscale: RealESRGAN_x4plus (takes part where this file is here)',
  ]
  /** As Python prints a value. */
  const python = (value: unknown): string =>
    Array.isArray(value)
      ? `[${value.map((item) => (typeof item === 'string' ? `'${item}'` : python(item))).join(', ')}]`
      : typeof value === 'string'
        ? value
        : JSON.stringify(value).replace('null', 'None').replace('true', 'True')

  it('in PNG has a chunk a setting', () => {
    const found = readTexts(
      Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, python(value)])),
    )
    expect(found).toMatchObject(expected)
    expect(linesOf(found).filter((line) => /^(LoRA|use_upscale)/.test(line))).toHaveLength(3)
  })

  it('in JPEG, and in the file beside a picture, is one object', () => {
    const text = JSON.stringify(settings, null, 2)
    for (const file of [jpegAround(writeExif(new Map(), text)), Buffer.from(text)]) {
      const found = readGeneration(file)
      expect(found).toMatchObject(expected)
      expect(linesOf(found)).toEqual(left)
    }
  })

  it('in the text beside a picture has a line a setting', () => {
    const text = [
      'Prompt: a lighthouse,',
      'in a storm',
      'Negative Prompt: fog',
      'Seed: 1234567',
      'Stable Diffusion model: sd-v1-5',
      'Clip Skip: False',
      'VAE model: ',
      'Sampler: euler_a',
      'Width: 768',
      'Height: 512',
      'Steps: 25',
      'Guidance Scale: 7.5',
      'LoRA model: None',
    ].join('\n')
    const found = readGeneration(Buffer.from(`${text}\n`))
    const { clipSkip: _, adapters: _loras, upscale: _upscale, ...request } = expected.request
    expect(found).toMatchObject({
      ...expected,
      request: { ...request, prompt: 'a lighthouse,\nin a storm' },
    })
    expect(found?.unmapped).toEqual([])
  })
})
