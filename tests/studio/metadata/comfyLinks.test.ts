import { describe, expect, it } from 'vitest'
import { node, nothingElse, read, run, sampler } from './comfyGraphs.ts'

describe('a ComfyUI graph without anything special', () => {
  it('is taken as it is, and nothing is said to be lost', () => {
    const { request, lines } = read({})
    expect(request).toMatchObject({ prompt: 'cat', negativePrompt: 'dog', seed: 1, width: 512, height: 640 })
    expect(lines).toEqual([])
  })
})

describe('what an input is linked to', () => {
  const wide = {
    request: { prompt: 'cat', negativePrompt: 'dog', width: 512, steps: 12 },
    model: { name: 'a.safetensors' },
  }

  it('comes out of Basic Pipes', () => {
    const pipe = {
      to: node('ToBasicPipe', {
        ...{
          model: ['model', 0],
          clip: ['model', 1],
          vae: ['model', 2],
          positive: ['no', 0],
          negative: ['no', 0],
        },
      }),
      edit: node('EditBasicPipe', { basic_pipe: ['to', 0], positive: ['yes', 0] }),
      from: node('FromBasicPipe_v2', { basic_pipe: ['edit', 0] }),
    }
    const taken = { model: ['from', 1], positive: ['from', 4], negative: ['from', 5] }
    expect(read({ ...pipe, ...run(taken) })).toMatchObject({ ...wide, lines: [] })
    const direct = node('ImpactKSamplerBasicPipe', {
      ...sampler,
      model: undefined,
      positive: undefined,
      negative: undefined,
      basic_pipe: ['edit', 0],
    })
    expect(read({ ...pipe, run: direct })).toMatchObject(wide)
  })

  it("comes out of rgthree's big Context, settings too", () => {
    const nodes = {
      base: node('Context Big (rgthree)', {
        ...{ model: ['model', 0], positive: ['yes', 0], negative: ['no', 0], latent: ['empty', 0] },
        ...{
          seed: ['seed', 0],
          steps: ['config', 0],
          cfg: ['config', 2],
          sampler: ['config', 3],
          scheduler: ['config', 4],
        },
      }),
      seed: node('Seed (rgthree)', { seed: 77 }),
      config: node('KSampler Config (rgthree)', {
        ...{ steps_total: 31, refiner_step: 24, cfg: 3.5, sampler_name: 'dpmpp_2m', scheduler: 'karras' },
      }),
      out: node('Context Big (rgthree)', { base_ctx: ['switch', 0] }),
      switch: node('Context Switch Big (rgthree)', { ctx_02: ['base', 0] }),
    }
    const out = (output: number) => ['out', output]
    const taken = {
      ...{
        model: out(1),
        positive: out(4),
        negative: out(5),
        latent_image: out(6),
        seed: out(8),
        steps: out(9),
      },
      ...{ cfg: out(11), sampler_name: out(13), scheduler: out(14) },
    }
    const found = read({ ...nodes, ...run(taken) })
    expect(found.request).toMatchObject({
      seed: 77,
      steps: 31,
      guidanceScale: 3.5,
      sampler: 'DPM++ 2M',
      schedule: 'Karras',
    })
    expect(found.request).toMatchObject({ prompt: 'cat', negativePrompt: 'dog', width: 512 })
    expect(found.lines).toEqual([])
  })

  it.each([
    ['a number', node('ImpactSwitch', { select: 2, input1: ['no', 0], input2: ['yes', 0] })],
    [
      'a number beside the name',
      node('CR Conditioning Input Switch', { Input: 1, conditioning1: ['yes', 0], conditioning2: ['no', 0] }),
    ],
    ['truth', node('ComfySwitchNode', { switch: true, on_false: ['no', 0], on_true: ['yes', 0] })],
    [
      'truth that a node holds',
      node('ComfySwitchNode', { switch: ['truth', 0], on_false: ['yes', 0], on_true: ['no', 0] }),
    ],
    ['what is linked', node('Any Switch (rgthree)', { any_02: ['yes', 0], any_03: ['no', 0] })],
  ])('goes through a switch by %s', (_, chosen) => {
    const truth = node('PrimitiveBoolean', { value: false })
    expect(read({ truth, chosen, ...run({ positive: ['chosen', 0] }) })).toMatchObject({
      request: { prompt: 'cat' },
      lines: [],
    })
  })

  it('comes from the loader and sampler of the Efficiency nodes', () => {
    const loader = node('Efficient Loader', {
      ...{
        ckpt_name: 'b.safetensors',
        vae_name: 'Baked VAE',
        clip_skip: -2,
        lora_name: 'None',
        lora_model_strength: 1,
      },
      ...{
        positive: 'a hat',
        negative: 'rain',
        empty_latent_width: 768,
        empty_latent_height: 512,
        batch_size: 3,
      },
      lora_stack: ['stack', 0],
    })
    const stack = node('LoRA Stacker', {
      ...{
        input_mode: 'simple',
        lora_count: 2,
        lora_name_1: 'x.safetensors',
        lora_wt_1: 0.7,
        model_str_1: 1,
        clip_str_1: 1,
      },
      ...{ lora_name_2: 'None', lora_wt_2: 1, lora_name_3: 'y.safetensors', lora_wt_3: 1 },
    })
    const efficient = node('KSampler (Efficient)', {
      ...{
        ...sampler,
        model: ['loader', 0],
        positive: ['loader', 1],
        negative: ['loader', 2],
        latent_image: ['loader', 3],
      },
      ...{ preview_method: 'auto', vae_decode: 'true', optional_vae: ['loader', 4] },
    })
    const found = read({
      loader,
      stack,
      run: efficient,
      yes: node('Note'),
      no: node('Note'),
      empty: node('Note'),
      model: node('Note'),
    })
    expect(found).toMatchObject({
      request: {
        prompt: 'a hat',
        negativePrompt: 'rain',
        width: 768,
        height: 512,
        batchSize: 3,
        clipSkip: 2,
      },
      model: { name: 'b.safetensors' },
    })
    expect(found.lines).toEqual(['LoRA: ["x.safetensors",0.7] (takes part where this file is here)'])
  })

  it('goes through a node that holds a text and loads the LoRAs it names (Power Prompt)', () => {
    const power = node('Power Prompt (rgthree)', {
      ...{ prompt: 'a hat <lora:x:0.5>', opt_model: ['model', 0], opt_clip: ['skip', 0] },
      ...{ insert_lora: 'CHOOSE', insert_embedding: 'CHOOSE', insert_saved: 'CHOOSE' },
    })
    const skip = node('CLIPSetLastLayer', { stop_at_clip_layer: -2, clip: ['model', 1] })
    const found = read({ power, skip, ...run({ model: ['power', 1], positive: ['power', 0] }) })
    expect(found).toMatchObject({
      request: { prompt: 'a hat <lora:x:0.5>', clipSkip: 2 },
      model: { name: 'a.safetensors' },
    })
    expect(found.lines.filter((line) => !line.startsWith('node yes'))).toEqual([
      'LoRA: x:0.5 (is a tag, which stays plain words with the seeds of ComfyUI; add it as a LoRA)',
    ])
  })

  it('comes from the Efficiency loader and sampler of SDXL', () => {
    const found = read({
      ...nothingElse,
      loader: node('Eff. Loader SDXL', {
        ...{
          base_ckpt_name: 'xl.safetensors',
          base_clip_skip: -2,
          refiner_ckpt_name: 'None',
          vae_name: 'Baked VAE',
        },
        ...{
          positive: 'a hat',
          negative: 'rain',
          empty_latent_width: 1024,
          empty_latent_height: 832,
          batch_size: 1,
        },
      }),
      run: node('KSampler SDXL (Eff.)', {
        ...{ sdxl_tuple: ['loader', 0], latent_image: ['loader', 1], noise_seed: 3, steps: 20, cfg: 7 },
        ...{ sampler_name: 'euler', scheduler: 'normal', start_at_step: 0, refine_at_step: -1 },
      }),
    })
    expect(found).toMatchObject({
      request: { prompt: 'a hat', negativePrompt: 'rain', width: 1024, height: 832, seed: 3, clipSkip: 2 },
      model: { name: 'xl.safetensors' },
      lines: [],
    })
  })

  it('comes from the pipes of Easy Use', () => {
    const nodes = {
      loader: node('easy fullLoader', {
        ...{
          ckpt_name: 'b.safetensors',
          vae_name: 'Baked VAE',
          clip_skip: -2,
          lora_name: 'z.safetensors',
          lora_model_strength: 0.5,
        },
        ...{
          lora_clip_strength: 0.5,
          resolution: '832 x 1216',
          empty_latent_width: 512,
          empty_latent_height: 512,
        },
        ...{ positive: 'a hat', negative: 'rain', batch_size: 1 },
      }),
      before: node('easy preSampling', {
        ...{
          pipe: ['loader', 0],
          steps: 17,
          cfg: 5.5,
          sampler_name: 'heun',
          scheduler: 'karras',
          denoise: 1,
          seed: 8,
        },
      }),
      run: node('easy kSampler', {
        pipe: ['before', 0],
        image_output: 'Preview',
        link_id: 0,
        save_prefix: 'ComfyUI',
      }),
    }
    const found = read({ ...nothingElse, ...nodes })
    expect(found).toMatchObject({
      request: {
        prompt: 'a hat',
        negativePrompt: 'rain',
        steps: 17,
        guidanceScale: 5.5,
        sampler: 'Heun',
        seed: 8,
      },
      model: { name: 'b.safetensors' },
    })
    expect(found.request).toMatchObject({ width: 832, height: 1216, clipSkip: 2 })
    expect(found.lines).toEqual(['LoRA: ["z.safetensors",0.5,0.5] (takes part where this file is here)'])
  })
})
