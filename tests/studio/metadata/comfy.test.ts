import { describe, expect, it } from 'vitest'
import { pngWithText } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng } from './files.ts'

type Nodes = Record<string, { class_type: string; inputs: Record<string, unknown> }>
const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs })

const sampler = {
  ...{ seed: 1, steps: 12, cfg: 6, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
  ...{ model: ['model', 0], positive: ['yes', 0], negative: ['no', 0], latent_image: ['empty', 0] },
}
const basic: Nodes = {
  model: node('CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }),
  empty: node('EmptyLatentImage', { width: 512, height: 640, batch_size: 1 }),
  yes: node('CLIPTextEncode', { text: 'cat', clip: ['model', 1] }),
  no: node('CLIPTextEncode', { text: 'dog', clip: ['model', 1] }),
  run: node('KSampler', sampler),
  decode: node('VAEDecode', { samples: ['run', 0], vae: ['model', 2] }),
  save: node('SaveImage', { images: ['decode', 0], filename_prefix: 'x' }),
}

function read(nodes: Nodes) {
  const text = JSON.stringify({ ...basic, ...nodes })
  const { request, model, unmapped } = readGeneration(pngWithText(emptyPng, [{ keyword: 'prompt', text }]))!
  return { request, model, lines: unmapped.map(({ key, value, reason }) => `${key}: ${value} (${reason})`) }
}
const run = (inputs: Record<string, unknown>): Nodes => ({ run: node('KSampler', { ...sampler, ...inputs }) })

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
    expect(found.lines).toEqual(['LoRA: ["x.safetensors",0.7] (is not loaded here)'])
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
    const only = Object.fromEntries(Object.keys(basic).map((key) => [key, node('Note')]))
    const found = read({ ...only, ...nodes })
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
    expect(found.lines).toEqual(['LoRA: ["z.safetensors",0.5,0.5] (is not loaded here)'])
  })
})

describe('a text', () => {
  const text = (inputs: Nodes) =>
    read({ ...inputs, yes: node('CLIPTextEncode', { text: ['text', 0], clip: ['model', 1] }) })

  it.each([
    [node('DF_Text_Box', { Text: 'red hat' })],
    [node('Text Multiline', { text: 'red hat' })],
    [node('PrimitiveStringMultiline', { value: 'red hat' })],
    [node('CR Prompt Text', { prompt: 'red hat' })],
    [node('String Literal', { string: 'red hat' })],
    [node('easy positive', { positive: 'red hat' })],
    [node('SomePackTextBox', { content: 'red hat', lines: 3 })],
    [
      node('ImpactWildcardProcessor', {
        wildcard_text: '{red|blue} hat',
        populated_text: 'red hat',
        mode: 'populate',
      }),
    ],
    [node('StringConcatenate', { string_a: 'red', string_b: 'hat', delimiter: ' ' })],
    [
      node('Text Concatenate', {
        delimiter: ' ',
        clean_whitespace: 'true',
        text_a: ' red ',
        text_c: '  ',
        text_b: 'hat',
      }),
    ],
    [
      node('JoinStringMulti', {
        inputcount: 2,
        string_1: 'red',
        string_2: 'hat',
        delimiter: ' ',
        return_list: false,
      }),
    ],
    [node('CR Text Input Switch', { Input: 2, text1: 'blue hat', text2: 'red hat' })],
  ])('is read from %j', (box) => {
    const found = text({ text: box })
    expect(found.request.prompt).toBe('red hat')
    expect(found.lines).toEqual([])
  })

  it('is read through nodes that hand it on and join it', () => {
    const found = text({
      text: node('Reroute', { '': ['joined', 0] }),
      joined: node('CR Text Concatenate', { text1: ['one', 0], text2: ['two', 0], separator: ',\\n' }),
      one: node('ShowText|pysssss', { text: ['box', 0], text_0: 'old' }),
      box: node('ttN text', { text: 'red' }),
      two: node('CR Text', { text: 'hat' }),
    })
    expect(found).toMatchObject({ request: { prompt: 'red,\nhat' }, lines: [] })
  })

  it.each([
    [node('DPRandomGenerator', { text: '{red|blue} hat', seed: 3, autorefresh: 'No' })],
    [node('SDXLPromptStyler', { text_positive: 'hat', text_negative: '', style: 'anime' })],
    [node('TextGenerate', { prompt: 'Write a prompt for: hat', max_length: 512 })],
    [node('SomeWriter', { prompt: 'Write a prompt for: hat', seed: 3 })],
    [node('Florence2Run', { task: 'caption', image: ['x', 0], text_input: '' })],
  ])('that a node makes up is said, and is no prompt: %j', (maker) => {
    const found = text({ text: maker })
    expect(found.request.prompt).toBeUndefined()
    expect(found.lines.join('\n')).toContain(maker.class_type)
    expect(found.lines.join('\n')).toContain('its text comes from nodes that are not known')
  })
})

describe('on the way from a text to the sampler', () => {
  const through = (changed: Record<string, unknown>, type: string, more: Nodes = {}) =>
    read({
      changed: node(type, changed),
      other: node('CLIPTextEncode', { text: 'hat', clip: ['model', 1] }),
      ...more,
      ...run({ positive: ['changed', 0] }),
    })

  it.each([
    [
      'ConditioningAverage',
      { conditioning_from: ['other', 0], conditioning_to: ['yes', 0], conditioning_to_strength: 0.3 },
      ['0.3', 'mixes two texts'],
    ],
    [
      'ConditioningSetArea',
      { conditioning: ['yes', 0], width: 256, height: 128, x: 8, y: 0, strength: 0.9 },
      ['width: 256', 'part of the picture'],
    ],
    [
      'ConditioningSetTimestepRange',
      { conditioning: ['yes', 0], start: 0.2, end: 1 },
      ['start: 0.2', 'part of the steps'],
    ],
    ['FluxGuidance', { conditioning: ['yes', 0], guidance: 3.5 }, ['guidance: 3.5']],
    [
      'unCLIPConditioning',
      { conditioning: ['yes', 0], strength: 0.75, noise_augmentation: 0 },
      ['strength: 0.75', 'picture'],
    ],
    ['SomeUnknownThing', { conditioning: ['yes', 0], amount: 4 }, ['SomeUnknownThing', 'amount: 4']],
  ])('%s is said with its values', (type, inputs, parts) => {
    const found = through(inputs, type)
    expect(found.request.prompt).toMatch(/^cat/)
    for (const part of parts) expect(found.lines.join('\n')).toContain(part)
  })

  it('a ControlNet is said with its file, its strength and where it counts, on both sides', () => {
    const found = through(
      {
        positive: ['yes', 0],
        negative: ['no', 0],
        control_net: ['net', 0],
        image: ['picture', 0],
        strength: 0.8,
        start_percent: 0,
        end_percent: 0.6,
      },
      'ControlNetApplyAdvanced',
      {
        net: node('ControlNetLoader', { control_net_name: 'canny.pth' }),
        picture: node('LoadImage', { image: 'edge.png' }),
      },
    )
    expect(found.request).toMatchObject({ prompt: 'cat', negativePrompt: 'dog' })
    const line = found.lines.find((each) => each.startsWith('positive'))
    for (const part of ['canny.pth', 'edge.png', 'strength: 0.8', 'end_percent: 0.6'])
      expect(line).toContain(part)
  })

  it('zeroed guidance is not an empty text', () => {
    const zero = node('ConditioningZeroOut', { conditioning: ['yes', 0] })
    const found = read({ zero, ...run({ negative: ['zero', 0] }) })
    expect(found.request.negativePrompt).toBeUndefined()
    expect(found.lines).toContainEqual(expect.stringMatching(/^negative: ConditioningZeroOut .*zeros/))
  })
})

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
    expect(found.lines).toEqual(said.map((value) => `LoRA: ${value} (is not loaded here)`))
  })
})

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
    const only = Object.fromEntries(Object.keys(basic).map((key) => [key, node('Note')]))
    const found = read({
      ...only,
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
    expect(found.lines).toContain('LoRA: ["off.safetensors",0.2] (is not loaded here)')
  })

  it('with two nodes of settings takes none of them', () => {
    const only = Object.fromEntries(Object.keys(basic).map((key) => [key, node('Note')]))
    const settings = (seed: number) => node('OddSettings', { seed, steps: 30, cfg: 7 })
    expect(read({ ...only, one: settings(1), two: settings(2) }).request.seed).toBeUndefined()
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

describe('what is said', () => {
  it('of unknown nodes holds their values, cut to a length for a person', () => {
    const found = read({
      odd: node('Odd', {
        amount: 3,
        text: 'y'.repeat(100_000),
        list: Array(5000).fill(1),
        model: ['model', 0],
      }),
      ...run({ model: ['odd', 0] }),
    })
    const line = found.lines.find((each) => each.startsWith('node odd'))
    expect(line).toContain('amount: 3')
    expect(line!.length).toBeLessThan(1500)
  })

  it('of a drawn graph without the one that ran is short', () => {
    const nodes = Array.from({ length: 3000 }, (_, id) => ({
      id,
      type: 'KSampler',
      widgets_values: ['x'.repeat(300)],
    }))
    const found = readGeneration(
      pngWithText(emptyPng, [{ keyword: 'workflow', text: JSON.stringify({ nodes }) }]),
    )!
    expect(found.unmapped).toEqual([
      { key: 'workflow', value: '3000 nodes: KSampler', reason: expect.any(String) as string },
    ])
  })

  it('of a sampler by noise of AUTOMATIC1111 is its seed convention', () => {
    expect(read(run({ seed_mode: 'A1111', ensd: 31337 })).request).toMatchObject({
      seedConvention: 'AUTOMATIC1111 GPU',
      etaNoiseSeedDelta: 31337,
    })
  })
})

describe('hostile graphs', () => {
  const milliseconds = (nodes: Nodes) => {
    const before = process.threadCpuUsage()
    read(nodes)
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }

  it.each<[string, Nodes]>([
    [
      'a text that is joined to itself over and over',
      Object.fromEntries(
        Array.from({ length: 200 }, (_, id) => [
          `t${id}`,
          node('StringConcatenate', {
            string_a: [`t${id + 1}`, 0],
            string_b: [`t${id + 1}`, 0],
            delimiter: 'x'.repeat(1000),
          }),
        ]),
      ),
    ],
    [
      'contexts in a long row',
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, id) => [
          `t${id}`,
          node('Context (rgthree)', { base_ctx: [`t${id + 1}`, 0], ctx: [`t${id}`, 0] }),
        ]),
      ),
    ],
    [
      'switches in a circle',
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, id) => [
          `t${id}`,
          node('Any Switch (rgthree)', { any_01: [`t${(id + 1) % 5000}`, 0] }),
        ]),
      ),
    ],
    [
      'sizes that depend on each other',
      Object.fromEntries(
        Array.from({ length: 3000 }, (_, id) => [
          `t${id}`,
          node('Size', { width: [`t${id + 1}`, 0], height: [`t${id + 2}`, 0], samples: [`t${id + 1}`, 0] }),
        ]),
      ),
    ],
  ])('end soon: %s', (_, nodes) => {
    const linked = { positive: ['t0', 4], latent_image: ['t0', 6], seed: ['t0', 8], model: ['t0', 1] }
    const all = {
      ...nodes,
      yes: node('CLIPTextEncode', { text: ['t0', 0], clip: ['t0', 2] }),
      empty: node('EmptyLatentImage', { width: ['t0', 0], height: ['t0', 0] }),
    }
    for (const run of [node('KSampler', { ...sampler, ...linked }), node('KSampler', sampler)])
      expect(milliseconds({ ...all, run })).toBeLessThan(1000)
  })
})
