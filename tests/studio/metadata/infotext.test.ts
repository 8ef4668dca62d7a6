import { describe, expect, it } from 'vitest'
import { parseInfotext } from '../../../src/studio/metadata/infotext.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng, linesOf, pngChunk, readTexts } from './files.ts'

const settings = 'Steps: 9, Sampler: Euler, CFG scale: 5, Seed: 1, Size: 512x512'
const read = (parameters: string, others: Record<string, unknown> = {}) =>
  readTexts({ parameters, ...others })

describe('the letters of a text chunk', () => {
  const file = (chunk: Buffer) => Buffer.concat([emptyPng.subarray(0, 33), chunk, emptyPng.subarray(33)])

  it.each([
    ['UTF-8 against the format', 'utf8', '一把红色的雨伞, crème'],
    ['Latin-1', 'latin1', 'crème brûlée, ½'],
  ] as const)('are read as %s', (_, encoding, prompt) => {
    const text = Buffer.concat([Buffer.from('parameters\0'), Buffer.from(`${prompt}\n${settings}`, encoding)])
    expect(readGeneration(file(pngChunk('tEXt', text)))?.request.prompt).toBe(prompt)
  })

  it('come back as they were written, also where Latin-1 looks like UTF-8', () => {
    expect(read(`Ã©tÃ©\n${settings}`)?.request.prompt).toBe('Ã©tÃ©')
  })
})

describe('programs that write the format of AUTOMATIC1111', () => {
  it.each([
    ['Version: v1.10.1', 'AUTOMATIC1111', 'AUTOMATIC1111 GPU'],
    ['Version: f2.0.1v1.10.1-previous-665-gae278f79', 'Forge', 'AUTOMATIC1111 GPU'],
    ['Version: f0.0.17v1.8.0rc-latest-276-g29be1da7', 'Forge', 'AUTOMATIC1111 GPU'],
    ['Version: f1.7.0-v1.10.1RC-latest-2190-g8731f1e9', 'reForge', 'AUTOMATIC1111 GPU'],
    ['Version: f1.0.0v2-v1.10.1RC-latest-2502-g630cf49b', 'reForge', 'AUTOMATIC1111 GPU'],
    ['RNG: CPU, Version: neo', 'Forge Neo', 'AUTOMATIC1111 CPU'],
    ['Version: neo-2.27', 'Forge Neo', 'AUTOMATIC1111 GPU'],
    ['RNG: CPU, Version: classic', 'Forge Classic', 'AUTOMATIC1111 CPU'],
    ['App: SD.Next, Version: 7c03e1d', 'SD.Next', 'AUTOMATIC1111 GPU'],
    ['Version: Fooocus v2.5.5', 'Fooocus', 'ComfyUI'],
    ['Version: ComfyUI', 'ComfyUI', 'ComfyUI'],
    ['Civitai resources: [], Civitai metadata: {}', 'Civitai (AUTOMATIC1111 format)', 'ComfyUI'],
    [
      'Version: neo-2.27, Civitai resources: [{"type":"lora","modelName":"x"}]',
      'Forge Neo',
      'AUTOMATIC1111 GPU',
    ],
  ])('%s', (line, source, seedConvention) => {
    expect(read(`x\n${settings}, ${line}`)).toMatchObject({ source, request: { seedConvention } })
  })

  it('Stability Matrix is known by the text beside it', () => {
    const json = { PositivePrompt: 'x' }
    expect(read(`x\n${settings}`, { 'parameters-json': json })).toMatchObject({
      source: 'StabilityMatrix',
      request: { seedConvention: 'ComfyUI' },
    })
  })

  it.each([
    ['Sampler: euler_ancestral_karras', 'Euler a', 'Karras'],
    ['Sampler: euler_simple', 'Euler', 'Simple'],
    ['Sampler: Euler Ancestral Karras', 'Euler a', 'Karras'],
    ['Sampler: sample_dpmpp_2m', 'DPM++ 2M', undefined],
    ['Sampler: dpmpp_2m_sde_gpu_sgm_uniform', 'DPM++ 2M SDE', 'SGM Uniform'],
    ['Sampler: DPM++ 2M SDE Heun Exponential', 'DPM++ 2M SDE Heun', 'Exponential'],
    ['Sampler: DDIM, Sampler sigma: exponential', 'DDIM', 'Exponential'],
    ['Sampler: DPM++ 2M SDE Karras, Scheduler: karras', 'DPM++ 2M SDE', 'Karras'],
    ['Sampler: dpmpp_2m, Scheduler: sgm_uniform', 'DPM++ 2M', 'SGM Uniform'],
  ])('%s', (line, sampler, schedule) => {
    const found = read(`x\nSteps: 9, ${line}, Seed: 1`)
    expect(found?.request).toMatchObject({ sampler, ...(schedule === undefined ? {} : { schedule }) })
    expect(linesOf(found)).toEqual([])
  })

  it.each(['Default', 'Undefined', 'None'])('that name the sampler "%s" name none', (name) => {
    const found = read(`x\nSteps: 9, Sampler: ${name}, Seed: 1`)
    expect(found?.request).not.toHaveProperty('sampler')
    expect(linesOf(found)).toEqual([`Sampler: ${name} (the file does not name the sampler that ran)`])
  })
})

it('a text of ComfyUI that was not told the prompts is no prompt', () => {
  const found = read(
    'unknown\nNegative prompt: unknown\nSteps: 20, Sampler: euler_simple, Seed: 0, Version: ComfyUI',
  )
  expect(found?.request).not.toHaveProperty('prompt')
  expect(found?.request).not.toHaveProperty('negativePrompt')
  expect(linesOf(found)).toEqual([expect.stringContaining('was not handed to what saved the picture')])
  expect(read('x\nSteps: 9, Sampler: Euler a, Seed: 1, Model: a.safetensors')?.source).toBe('ComfyUI')
})

describe('SD.Next', () => {
  it('names no sampler where the model has its own, and says sizes of a second pass whole', () => {
    const found = read('x\nSteps: 9, Size: 512x512, Seed: 1, App: SD.Next, Refine: True, Hires size: 768x768')
    expect(found).toMatchObject({ source: 'SD.Next', request: { width: 512, height: 512 } })
    expect(linesOf(found)).toEqual([
      'Refine: True (belongs to a second pass that cannot be taken over as it is told; set it beside "Hires")',
      'Hires size: 768x768 (belongs to a second pass that cannot be taken over as it is told; set it beside "Hires")',
      'Sampler: Default (the file does not name the sampler that ran)',
    ])
  })
})

describe('settings in a form of their own', () => {
  it('of 2022 are read whatever their capital letters', () => {
    const found = read('x\nSteps: 9, Sampler: Euler a, CFG Scale: 11.5, Seed: 1, Denoising Strength: 0.25')
    expect(found?.request).toMatchObject({ guidanceScale: 11.5, denoiseStrength: 0.25 })
    expect(linesOf(found).join()).toContain('picture')
  })

  it('are settings also with templates behind them, which may have several lines', () => {
    const found = read(
      `a red cat\nNegative prompt: dog\n${settings}\nTemplate: a {red|blue}\ncat, x: y, z: w, v: u\nNegative Template: dog`,
    )
    expect(found?.request).toMatchObject({ prompt: 'a red cat', negativePrompt: 'dog', steps: 9 })
    expect(linesOf(found)).toEqual([
      'Template: a {red|blue}\ncat, x: y, z: w, v: u (is what the prompt was drawn from; the prompt that ran is taken)',
      'Negative Template: dog (is what the prompt was drawn from; the prompt that ran is taken)',
    ])
  })

  it('may break a line inside a quoted value and between values', () => {
    const text = `x\n${settings}, Wildcard prompt: "one,\ntwo: three",\nModel: m`
    expect([...parseInfotext(text).parameters].slice(-2)).toEqual([
      ['Wildcard prompt', 'one,\ntwo: three'],
      ['Model', 'm'],
    ])
  })

  it('may be JSON with commas, out of which the checkpoint and what was loaded are said', () => {
    const resources = [
      { type: 'checkpoint', modelVersionId: 1, modelName: 'Inkwell, wash', modelVersionName: 'v16' },
      { type: 'lora', weight: 0.8, modelVersionId: 2, modelName: 'Chalk [XL]', modelVersionName: 'v1' },
    ]
    const found = read(
      `x\n${settings}, Civitai resources: ${JSON.stringify(resources)}, Civitai metadata: {}, Clip skip: 2`,
    )
    expect(found).toMatchObject({ model: { name: 'Inkwell, wash v16' }, request: { clipSkip: 2 } })
    expect(linesOf(found)).toEqual([
      'LoRA: Chalk [XL] v1 (weight 0.8) (is named as its site names it, which tells no file; choose it where you have it)',
    ])
  })

  it('may stand one a line, behind a prompt with a mark of its own', () => {
    const text =
      'Positive prompt:\na snail, ink\nNegative prompt:\nfrog\nglare\nModel: m\nSeed: 270518336904471\n' +
      'Steps: 22\nCFG scale: 6.00\nSampler: dpmpp_sde\nScheduler: karras\nStart at step: 0\nEnd at step: 10000\n' +
      'Denoising strength: 1.00'
    const found = read(text)
    expect(found).toMatchObject({
      request: {
        prompt: 'a snail, ink',
        negativePrompt: 'frog\nglare',
        sampler: 'DPM++ SDE',
        schedule: 'Karras',
      },
      model: { name: 'm' },
    })
    expect(linesOf(found)).toEqual([])
  })

  it('may follow the prompts without a line break', () => {
    expect(read(`a cat Negative prompt: dog ${settings}`)?.request).toMatchObject({
      prompt: 'a cat',
      negativePrompt: 'dog',
      steps: 9,
    })
  })
})

it.each([
  ['a\nSteps: 3, b', ''],
  ['a BREAK b\nNegative prompt: zz\nSteps: 3', ''],
  ['a\nSteps: 3, Sampler: DDIM, Seed: 8\nb', ', Version: v1.10.1'],
])('settings inside a quoted value are no settings: %j', (value, more) => {
  const { prompt, negativePrompt, parameters } = parseInfotext(
    `cat\nSteps: 1 sign\nNegative prompt: dog\n${settings}, RP Prompt: "${value}"${more}`,
  )
  expect({ prompt, negativePrompt }).toEqual({ prompt: 'cat\nSteps: 1 sign', negativePrompt: 'dog' })
  expect(Object.fromEntries(parameters)).toMatchObject({ Steps: '9', Seed: '1', 'RP Prompt': value })
})

it.each([
  ['512x768', 512, 768],
  // Its own choice: as many pixels as 512x512 has, in steps of 64.
  ['0x0', 448, 640],
])(
  'a first pass of %s (2022) is the size drawn, and the size the one of the second pass',
  (size, width, height) => {
    const old = `Steps: 9, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 768x1152, Denoising strength: 0.7, First pass size: ${size}`
    const found = read(`cat\n${old}`)!
    expect(found.request).toMatchObject({
      width,
      height,
      hires: { width: 768, height: 1152, denoiseStrength: 0.7 },
    })
    expect(found.request.denoiseStrength).toBeUndefined()
    expect(linesOf(found)).toEqual([])
  },
)

describe('what changes a picture and is not here', () => {
  it('is said: LoRAs and hypernetworks in a prompt, hashes of LoRAs and embeddings', () => {
    const found = read(
      `cat <lora:Chalk:0.7> <lyco:Ink:1> <hypernet:Old:0.5> <lora:Chalk:0.7>\n${settings}, ` +
        'Lora hashes: "Chalk: 9c27", TI hashes: "easynegative: c74b"',
    )
    expect(linesOf(found)).toEqual([
      'embedding: easynegative (takes part where this file is here)',
      'LoRA: Chalk:0.7 (takes part where this file is here)',
      'LoRA: Ink:1 (takes part where this file is here)',
      'hypernetwork: Old:0.5 (is not loaded here)',
    ])
  })

  it('is said once where hashes alone name it, and the hash of the model is the one that they hold', () => {
    const hashes =
      '{"model":"ab12","vae":"cd34","lora:x":"11","embed:y":"22","lora:Chalk":"33","lora:z":"44"}'
    const found = read(`cat <lora:Chalk:0.7>\n${settings}, Lora hashes: "z: 44", Hashes: ${hashes}`)!
    expect(linesOf(found)).toEqual([
      'LoRA: z (took part; the file does not tell how strongly)',
      'LoRA: x (took part; the file does not tell how strongly)',
      'embedding: y (takes part where this file is here)',
      'LoRA: Chalk:0.7 (takes part where this file is here)',
    ])
    expect(found.model).toEqual({ name: 'ab12', hash: 'ab12' })
  })

  it('is a request with hashes to find the files by', () => {
    const found = read(
      `cat <lora:my, style:0.7>\n${settings}, VAE hash: 735e4c3a44, VAE: "vae-ft-mse.safetensors", ` +
        'Lora hashes: "my style: 9c27aabbccdd", TI hashes: "easynegative: c74b4e810b03"',
    )!
    expect(found.request).toMatchObject({
      prompt: 'cat <lora:my, style:0.7>',
      vae: 'vae-ft-mse',
      files: [
        { kind: 'vae', name: 'vae-ft-mse', hash: '735e4c3a44' },
        { kind: 'lora', name: 'my, style', hash: '9c27aabbccdd' },
        { kind: 'embedding', name: 'easynegative', hash: 'c74b4e810b03' },
      ],
    })
    expect(found.unmapped.map(({ file }) => file)).toEqual([
      { kind: 'vae', name: 'vae-ft-mse' },
      { kind: 'embedding', name: 'easynegative' },
      { kind: 'lora', name: 'my, style' },
    ])
  })

  it('has the strengths of LoRAs that only a list of Fooocus tells', () => {
    const found = read(
      `cat\n${settings}, Lora hashes: "ink: 9c27aabbcc", Lora weights: "ink: 0.25", Version: Fooocus v2.5`,
    )!
    expect(found.request.adapters).toEqual([{ name: 'ink', unet: 0.25, text: 0.25, blocks: null }])
    expect(found.request.files).toMatchObject([{ kind: 'lora', name: 'ink', hash: '9c27aabbcc' }])
  })

  it('is not what stands at its default', () => {
    const text = `x\n${settings}, VAE: Automatic, Emphasis: Original, FP8 weight: Disable, Tiling: False`
    expect(linesOf(read(text))).toEqual([])
  })
})

describe('a family of models that does not run here', () => {
  it.each([
    ['Model: flux1-dev-fp8', 'Flux'],
    ['Model: sd3.5_large', 'Stable Diffusion 3'],
    ['Model: sd3_medium_incl_clips_t5xxl', 'Stable Diffusion 3'],
    ['Model: qwen-image-Q8_0', 'Qwen-Image'],
    ['Model: Wan2.2-T2V-A14B', 'Wan'],
    ['Model: anima-base-v1.0', 'Anima or Cosmos'],
    ['Model: m, Module 1: qwen_image_vae, Module 2: qwen3vl_4b_fp8_scaled', 'Krea 2'],
    ['Model: m, Module 1: ae', 'Flux or a later one'],
    ['Model: m, Pipeline: FluxPipeline', 'Flux'],
  ])('%s', (line, family) => {
    const lines = linesOf(read(`x\n${settings}, ${line}`)).filter((one) => one.startsWith('model family'))
    expect(lines).toEqual([expect.stringContaining(`${family} (cannot run here`)])
  })

  it.each([
    'animagineXL_v31',
    'ponyDiffusionV6XL',
    'v1-5-pruned-emaonly',
    'fluxStyleXL',
    'reliberate',
    'swan2_v1',
    'z_image_turbo-Q4_0',
    'flux-2-klein-4b-fp8',
  ])('is not that of %s', (name) => {
    expect(linesOf(read(`x\n${settings}, Model: ${name}`))).toEqual([])
  })
})

describe('texts that people and programs write a little differently', () => {
  it('has its negative prompt in small letters', () => {
    const found = read(`a fox\nnegative prompt: blur\n${settings}`)
    expect(found?.request).toMatchObject({ prompt: 'a fox', negativePrompt: 'blur' })
  })

  it('has decimal commas, as some systems print them', () => {
    const text = 'a cat\nSteps: 20, Sampler: Euler, CFG scale: 7,5, Seed: 1, Size: 512x512'
    expect(read(text)?.request).toMatchObject({ guidanceScale: 7.5, seed: 1 })
  })

  it('names the side of a size that does not fit', () => {
    const found = read(`a fox\n${settings.replace('512x512', '500000x512')}`)
    expect(found?.unmapped).toMatchObject([{ key: 'Width', value: '500000', field: 'width' }])
  })

  it('has its LoRAs among the hashes and among the resources of Civitai, and each is said once', () => {
    const hashes = JSON.stringify({ model: 'abc', 'lora:add_detail': '7c6bad76eb54', 'lora:inkish': '1234' })
    const resource = (modelName: string) => ({ type: 'lora', weight: 0.8, modelName, modelVersionName: 'v1' })
    const line = (...names: string[]) =>
      `a fox\n${settings}, Hashes: ${hashes}, Civitai resources: ${JSON.stringify(names.map(resource))}`
    const both = linesOf(read(line('Detail Tweaker', 'Ink-ish')))
    expect(both.filter((text) => text.startsWith('LoRA'))).toEqual([
      'LoRA: Detail Tweaker v1 (weight 0.8) (is named as its site names it, which tells no file; choose it where you have it)',
      'LoRA: Ink-ish v1 (weight 0.8) (is named as its site names it, which tells no file; choose it where you have it)',
    ])
    const one = linesOf(read(line('Ink-ish')))
    expect(one.filter((text) => text.startsWith('LoRA')).sort()).toEqual([
      'LoRA: Ink-ish v1 (weight 0.8) (is named as its site names it, which tells no file; choose it where you have it)',
      expect.stringContaining('LoRA: add_detail (took part') as string,
    ])
  })
})

describe('a second pass and an enlargement', () => {
  it('are taken over as AUTOMATIC1111 wrote them', () => {
    const found = read(
      'a cat\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x512, Denoising strength: 0.4, Hires sampler: Euler a, Hires prompt: "a fine cat, close", Hires upscale: 1.5, Hires steps: 9, Hires upscaler: R-ESRGAN 4x+, Postprocess upscale by: 2, Postprocess upscaler: None, Version: v1.10.1',
    )
    expect(found?.request).toMatchObject({
      hires: {
        scale: 1.5,
        upscaler: 'R-ESRGAN 4x+',
        steps: 9,
        denoiseStrength: 0.4,
        sampler: 'Euler a',
        prompt: 'a fine cat, close',
      },
      upscale: { upscaler: 'Lanczos', scale: 2 },
    })
    expect(found?.request.denoiseStrength).toBeUndefined()
    expect(linesOf(found)).toEqual(['Hires upscaler: R-ESRGAN 4x+ (takes part where this file is here)'])
  })

  it('to a size, of which one side is open', () => {
    const found = read(
      `x\n${settings}, Denoising strength: 0.5, Hires resize: 1024x0, Hires upscaler: Latent`,
    )
    expect(found?.request.hires).toMatchObject({ width: 1024, height: null, upscaler: 'Latent', steps: 0 })
    expect(linesOf(found)).toEqual([])
  })

  it('whose values do not fit are told of, none lost', () => {
    const found = read(`x\n${settings}, Denoising strength: 0.5, Hires upscale: 20, Hires upscaler: Latent`)
    expect(found?.request.hires).toBeUndefined()
    expect(linesOf(found).join()).toMatch(/Hires upscale/)
  })
})

describe('units of a ControlNet', () => {
  it.each([
    [
      'today',
      'ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 0.75, Resize Mode: Crop and Resize, Processor Res: 512, Threshold A: 90, Threshold B: 180, Guidance Start: 0.1, Guidance End: 0.8, Pixel Perfect: False, Control Mode: ControlNet is more important"',
    ],
    [
      'in its first versions',
      'ControlNet 0: "preprocessor: canny, model: control_v11p_sd15_canny [d14c016b], weight: 0.75, starting/ending: (0.1, 0.8), resize mode: Crop and Resize, pixel perfect: False, control mode: ControlNet is more important, preprocessor params: (512, 90, 180)"',
    ],
  ])('are taken over but for their picture, as written %s', (_when, unit) => {
    const found = read(`x\n${settings}, ${unit}, Version: v1.10.1`)!
    expect(found.request.controls).toEqual([
      {
        model: 'control_v11p_sd15_canny',
        image: null,
        preprocessor: 'canny',
        settings: { low: 90, high: 180 },
        weight: 0.75,
        start: 0.1,
        end: 0.8,
        mode: 'control',
      },
    ])
    expect(linesOf(found)).toEqual([
      expect.stringMatching(/^ControlNet 0: .*the file does not hold that picture, so choose it\)$/),
      'ControlNet: control_v11p_sd15_canny (takes part where this file is here)',
    ])
  })

  it('with a preprocessor that is not here take a picture that is made already, which is said', () => {
    const unit = 'Module: openpose_full, Model: openpose, Weight: 1, Threshold A: -1'
    const found = read(`x\n${settings}, ControlNet 0: "${unit}", ControlNet 1: "Module: none, Model: None"`)!
    expect(found.request.controls).toMatchObject([{ model: 'openpose', preprocessor: 'none', weight: 1 }])
    expect(linesOf(found)[0]).toMatch(/as openpose_full has made it, which is not here/)
    expect(linesOf(found).join()).toContain(
      'ControlNet 1: Module: none, Model: None (has no counterpart here)',
    )
  })

  it('whose values do not fit are told of, and not taken', () => {
    const found = read(`x\n${settings}, ControlNet 0: "Module: canny, Model: edges, Weight: 7"`)!
    expect(found.request.controls).toBeUndefined()
    expect(linesOf(found).join()).toMatch(/ControlNet 0: .*weight must be at most 2, found 7/)
  })
})
