import { describe, expect, it } from 'vitest'
import { linesOf, readTexts } from './files.ts'

const image = { seed: 7, steps: 20, cfg_scale: 7.5, width: 512, height: 640, sampler: 'k_euler_a' }
const about = {
  model: 'stable diffusion',
  model_id: 'stable-diffusion-1.4',
  app_id: 'lstein/stable-diffusion',
}
const readImage = (more: object) =>
  readTexts({ 'sd-metadata': { ...about, image: { ...image, prompt: 'a cat', ...more } } })

describe('the first versions of InvokeAI', () => {
  it.each([
    ['letters and values in one', '"a cat, [dog]" -s50 -W512 -H640 -C7.5 -Ak_lms -S2870411936'],
    ['letters and values apart', '"a cat, [dog]" -s 50 -W 512 -H 640 -C 7.5 -A k_lms -S 2870411936'],
    [
      'long names',
      'a cat, [dog] --steps 50 --width=512 --height 640 --cfg_scale 7.5 -A k_lms --seed 2870411936',
    ],
  ])('left the command alone, %s', (_, line) => {
    expect(readTexts({ Dream: line })).toMatchObject({
      source: 'InvokeAI',
      request: {
        prompt: 'a cat,',
        negativePrompt: 'dog',
        steps: 50,
        width: 512,
        height: 640,
        guidanceScale: 7.5,
        sampler: 'LMS',
        seed: 2870411936,
        seedConvention: 'AUTOMATIC1111 GPU',
      },
      unmapped: [],
    })
  })

  it('in a command, too, started from a picture, blended texts and worked over what was drawn', () => {
    const found = readTexts({
      Dream: '"a fox:0.7 a hen:0.3" -s 9 -S 1 -I start.png -f 0.4 -G 0.8 -U 2 0.75 --seamless',
    })
    expect(found?.request).toMatchObject({ prompt: 'a fox a hen', denoiseStrength: 0.4 })
    expect(linesOf(found)).toEqual([
      'prompt: a fox:0.7 a hen:0.3 (blends texts by weight, which has no counterpart here; they are joined)',
      expect.stringMatching(/^init_img: start\.png \(started from a picture/),
      expect.stringMatching(/^facetool_strength: 0\.8 \(was done to the finished picture/),
      expect.stringMatching(/^upscale: 2 0\.75 /),
      expect.stringMatching(/^seamless: true /),
    ])
  })

  it('kept a list of images, whose strength means nothing without a picture', () => {
    const prompt = [{ prompt: 'a cat', weight: 1 }]
    const found = readTexts({
      'sd-metadata': { ...about, images: [{ ...image, prompt, type: 'txt2img', strength: 0.75 }] },
    })
    expect(found?.request).toMatchObject({ prompt: 'a cat', seed: 7, sampler: 'Euler a' })
    expect(found?.request).not.toHaveProperty('denoiseStrength')
    expect(linesOf(found)).toEqual([])
  })

  it.each([
    [{ type: 'img2img', strength_steps: 0.65, orig_hash: 'a06c' }],
    [{ type: 'img2img', strength: 0.65, fit: true, orig_hash: 'a06c', init_image_path: 'init/start.png' }],
  ])('started from a picture: %j', (more) => {
    const found = readImage(more)
    expect(found?.request.denoiseStrength).toBe(0.65)
    expect(linesOf(found)).toEqual([expect.stringContaining('started from a picture')])
  })

  it.each([
    ['k_dpmpp_2_a', 'DPM++ 2S a'],
    ['k_dpm_2_a', 'DPM2 a'],
    ['plms', 'PLMS'],
    ['k_heun', 'Heun'],
  ])('called a sampler %s', (sampler, name) => {
    expect(readImage({ sampler })?.request.sampler).toBe(name)
  })
})

describe('InvokeAI from version 3 on', () => {
  const metadata = { positive_prompt: 'cat', seed: 0, steps: 5, scheduler: 'euler_k' }

  it('takes ControlNets and T2I-Adapters over but for their pictures', () => {
    const found = readTexts({
      invokeai_metadata: {
        positive_prompt: 'a jug',
        controlnets: [
          {
            control_model: { name: 'canny' },
            control_weight: 0.6,
            begin_step_percent: 0,
            end_step_percent: 0.75,
            control_mode: 'more_control',
            image: { image_name: 'x.png' },
          },
        ],
        t2iAdapters: [{ t2i_adapter_model: { name: 'sketch' }, weight: 0.9, begin_step_percent: 0.1 }],
      },
    })
    expect(found?.request.controls).toMatchObject([
      { model: 'canny', image: null, weight: 0.6, start: 0, end: 0.75, mode: 'control' },
      { model: 'sketch', image: null, weight: 0.9, start: 0.1, end: 1, mode: 'balanced' },
    ])
    expect(found?.unmapped.filter(({ reason }) => reason.includes('choose it'))).toHaveLength(2)
  })

  it('says of weights that are lists, and of LoRAs without a name, that they are not taken', () => {
    const control = { control_model: { name: 'canny' }, control_weight: [0.5, 0.6] }
    const found = readTexts({
      invokeai_metadata: {
        ...metadata,
        controlnets: [control],
        loras: [
          { model: { name: 'ink' }, weight: [1, 2] },
          { model: {}, weight: 1 },
        ],
      },
    })
    expect(found?.request).not.toHaveProperty('controls')
    expect(found?.request).not.toHaveProperty('adapters')
    expect(found?.unmapped.map(({ key, reason }) => `${key} ${reason}`)).toEqual(
      expect.arrayContaining([
        'controlnets weight must be a number, found [0.5,0.6]',
        'LoRA must be a number, found [1,2]',
        'LoRA names no file',
      ]),
    )
  })

  it('says which LoRAs took part, that a mask was there, and whose noise it was', () => {
    const found = readTexts({
      invokeai_metadata: {
        ...metadata,
        generation_mode: 'sdxl_inpaint',
        rand_device: 'cuda',
        loras: [{ model: { key: 'k', name: 'Chalk' }, weight: 0.7 }],
        canvas_v2_metadata: { layers: 'x'.repeat(10_000) },
      },
    })
    expect(found?.request.seedConvention).toBe('AUTOMATIC1111 GPU')
    expect(linesOf(found)).toEqual([
      'generation_mode: sdxl_inpaint (painted under a mask that the file does not hold)',
      'LoRA: Chalk (weight 0.7) (takes part where this file is here)',
      'canvas_v2_metadata: a canvas of layers (has no counterpart here)',
    ])
  })

  it.each([
    [{ generation_mode: 'flux_txt2img', model: { name: 'mine', base: 'flux' } }, 'Flux'],
    [{ generation_mode: 'sd3_txt2img', model: { name: 'mine', base: 'sd-3' } }, 'Stable Diffusion 3'],
    [
      { generation_mode: 'cogview4_txt2img', model: { name: 'mine', base: 'cogview4' } },
      'CogVideo or CogView',
    ],
  ])('names the family that cannot run: %j', (more, family) => {
    expect(linesOf(readTexts({ invokeai_metadata: { ...metadata, ...more } }))[0]).toContain(family)
  })

  it('may write its numbers as texts', () => {
    const found = readTexts({
      invokeai_metadata: {
        steps: '30',
        cfg_scale: '7.5',
        width: '512',
        height: '640',
        seed: '7',
        clip_skip: '1',
      },
    })
    expect(found).toMatchObject({
      request: { steps: 30, guidanceScale: 7.5, width: 512, height: 640, seed: 7, clipSkip: 2 },
      unmapped: [],
    })
  })

  it('with nothing but a graph is read by the metadata in it', () => {
    const nodes = { core: { id: 'core', type: 'core_metadata', is_intermediate: true, ...metadata } }
    const found = readTexts({ invokeai_graph: { id: 'g', nodes, edges: [] } })
    expect(found?.request).toMatchObject({
      prompt: 'cat',
      seed: 0,
      steps: 5,
      sampler: 'Euler',
      schedule: 'Karras',
    })
    expect(linesOf(found)).toEqual([])
  })

  it('with nothing but a drawn workflow is read by what is drawn, and says so', () => {
    const node = (id: string, type: string, values: object) => ({
      id,
      data: {
        id,
        type,
        inputs: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, { name, value: value as unknown }]),
        ),
      },
    })
    const edge = (source: string, target: string, targetHandle: string) => ({ source, target, targetHandle })
    const found = readTexts({
      invokeai_workflow: {
        nodes: [
          node('yes', 'compel', { prompt: 'cat' }),
          node('no', 'compel', { prompt: 'dog' }),
          node('n', 'noise', { seed: 3, width: 512, height: 768 }),
          node('d', 'denoise_latents', { steps: 12, cfg_scale: 6, scheduler: 'euler_a' }),
          node('m', 'main_model_loader', { model: { name: 'inkwell', hash: 'blake3:1', base: 'sd-1' } }),
        ],
        edges: [
          edge('yes', 'd', 'positive_conditioning'),
          edge('no', 'd', 'negative_conditioning'),
          edge('n', 'd', 'noise'),
        ],
      },
    })
    expect(found).toMatchObject({
      source: 'InvokeAI',
      request: {
        prompt: 'cat',
        negativePrompt: 'dog',
        seed: 3,
        width: 512,
        height: 768,
        steps: 12,
        sampler: 'Euler a',
      },
      model: { name: 'inkwell' },
    })
    expect(linesOf(found)).toEqual([expect.stringContaining('what ran may be another')])
  })
})
