import { describe, expect, it } from 'vitest'
import { pngWithText, type TextChunk } from '../../../src/studio/metadata/pngText.ts'
import { parseInfotext } from '../../../src/studio/metadata/infotext.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng } from './files.ts'

const read = (...texts: TextChunk[]) => readGeneration(pngWithText(emptyPng, texts))!
const chunk = (keyword: string, text: unknown): TextChunk => ({
  keyword,
  text: typeof text === 'string' ? text : JSON.stringify(text),
})
const keysOf = ({ unmapped }: { unmapped: { key: string }[] }) => unmapped.map(({ key }) => key)

describe('AUTOMATIC1111 text', () => {
  it('splits old fused sampler names and says what has no counterpart', () => {
    const found = read(
      chunk('parameters', 'x\nSteps: 9, Sampler: DPM++ 2M Karras, Seed: 1, Size: 512x512, Tiling: True'),
    )
    expect(found).toMatchObject({
      source: 'AUTOMATIC1111',
      request: { sampler: 'DPM++ 2M', schedule: 'Karras', steps: 9 },
    })
    expect(keysOf(found)).toEqual(['Tiling'])
  })

  it('keeps a value that the limits refuse, with the reason', () => {
    const found = read(chunk('parameters', 'x\nSteps: 900, Sampler: Nothing, Seed: -1, Size: 500x8192'))
    expect(Object.keys(found.request)).not.toContain('steps')
    expect(keysOf(found)).toEqual(['Steps', 'Sampler', 'Seed', 'Width', 'Height'])
    expect(found.unmapped.every(({ reason }) => reason.length > 5)).toBe(true)
  })

  it('keeps seeds beyond a double exact', () => {
    const found = read(chunk('parameters', 'x\nSteps: 9, Sampler: Euler, Seed: 18446744073709551615'))
    expect(found.request.seed).toBe('18446744073709551615')
  })

  it('with noise from the graphics card, the default there, asks for that noise', () => {
    const line = 'x\nSteps: 9, Sampler: Euler, Seed: 1'
    expect(read(chunk('parameters', line)).request.seedConvention).toBe('AUTOMATIC1111 GPU')
    expect(read(chunk('parameters', `${line}, RNG: CPU`)).request.seedConvention).toBe('AUTOMATIC1111 CPU')
  })

  it('takes a last line of fewer than three keys as prompt, and a first of negative as no prompt', () => {
    expect(parseInfotext('a: b, cat')).toMatchObject({ prompt: 'a: b, cat', parameters: new Map() })
    expect(parseInfotext('Negative prompt: x\ny\r\nSteps: 1, Seed: 2, ab: "3, \\"4\\""')).toEqual({
      prompt: '',
      negativePrompt: 'x\ny',
      parameters: new Map([
        ['Steps', '1'],
        ['Seed', '2'],
        ['ab', '3, "4"'],
      ]),
    })
  })

  it('of Forge and Fooocus is told apart', () => {
    const line = 'x\nSteps: 9, Sampler: Euler, Seed: 1, Version: '
    expect(read(chunk('parameters', `${line}f2.0.1v1.10.1`)).source).toBe('Forge')
    expect(read(chunk('fooocus_scheme', 'a1111'), chunk('parameters', `${line}Fooocus v2.5.5`)).source).toBe(
      'Fooocus',
    )
  })

  it("of a ComfyUI node without a version is known by ComfyUI's ids, and has its noise", () => {
    const line = (sampler: string) =>
      read(
        chunk(
          'parameters',
          `x\nSteps: 9, Sampler: ${sampler}, Seed: 347382230306562, Hashes: {"model": "45a2"}`,
        ),
      )
    expect(line('euler_ancestral_karras')).toMatchObject({
      source: 'ComfyUI',
      request: { seedConvention: 'ComfyUI', sampler: 'Euler a', schedule: 'Karras' },
    })
    expect(line('Euler a').source).toBe('AUTOMATIC1111')
    expect(line('k_euler_a').source).toBe('AUTOMATIC1111')
  })

  it('lies in a text file as well', () => {
    expect(readGeneration(Buffer.from('a cat\nSteps: 9, Sampler: Euler, Seed: 1'))?.request.prompt).toBe(
      'a cat',
    )
    expect(readGeneration(Buffer.from('just a note: nothing, more'))).toBeNull()
  })
})

describe('Fooocus', () => {
  it('is read from its own scheme', () => {
    const found = read(
      chunk('fooocus_scheme', 'fooocus'),
      chunk('parameters', {
        prompt: 'cat',
        negative_prompt: '',
        seed: '12',
        steps: 30,
        guidance_scale: 4,
        sampler: 'dpmpp_2m_sde_gpu',
        scheduler: 'karras',
        resolution: '(1152, 896)',
        base_model: 'juggernaut',
        base_model_hash: 'aa',
        styles: "['Fooocus V2']",
      }),
    )
    expect(found).toMatchObject({
      source: 'Fooocus',
      request: { sampler: 'DPM++ 2M SDE', schedule: 'Karras', width: 1152, height: 896, seed: 12 },
      model: { name: 'juggernaut', hash: 'aa' },
    })
    expect(keysOf(found)).toEqual(['styles'])
  })
})

describe('a ComfyUI graph', () => {
  const encode = (text: unknown) => ({ class_type: 'CLIPTextEncode', inputs: { text, clip: ['skip', 0] } })
  const common = {
    model: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
    skip: { class_type: 'CLIPSetLastLayer', inputs: { stop_at_clip_layer: -2, clip: ['model', 1] } },
    empty: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 640, batch_size: 2 } },
    yes: encode('cat'),
    no: encode('dog'),
    save: { class_type: 'SaveImage', inputs: { images: ['decode', 0] } },
  }

  it('of custom sampling is followed through guider, noise, sampler and sigmas', () => {
    const found = read(
      chunk('prompt', {
        ...common,
        noise: { class_type: 'RandomNoise', inputs: { noise_seed: ['number', 0] } },
        number: { class_type: 'PrimitiveInt', inputs: { value: 5 } },
        guider: {
          class_type: 'CFGGuider',
          inputs: { cfg: 3.5, positive: ['yes', 0], negative: ['no', 0], model: ['model', 0] },
        },
        method: { class_type: 'KSamplerSelect', inputs: { sampler_name: 'euler_ancestral' } },
        sigmas: {
          class_type: 'BasicScheduler',
          inputs: { scheduler: 'beta', steps: 11, denoise: 1, model: ['model', 0] },
        },
        run: {
          class_type: 'SamplerCustomAdvanced',
          inputs: {
            noise: ['noise', 0],
            guider: ['guider', 0],
            sampler: ['method', 0],
            sigmas: ['sigmas', 0],
            latent_image: ['empty', 0],
          },
        },
      }),
    )
    expect(found).toMatchObject({
      request: {
        seed: 5,
        guidanceScale: 3.5,
        sampler: 'Euler a',
        schedule: 'Beta',
        steps: 11,
        prompt: 'cat',
        negativePrompt: 'dog',
        clipSkip: 2,
        width: 512,
        height: 640,
        batchSize: 2,
        seedConvention: 'ComfyUI',
      },
      model: { name: 'a.safetensors' },
    })
    expect(keysOf(found)).toEqual([])
  })

  it('with a second pass is read for its first, and names the second and unknown nodes', () => {
    const pass = (latent: string, seed: number) => ({
      class_type: 'KSampler',
      inputs: {
        seed,
        steps: 8,
        cfg: 5,
        sampler_name: 'heun',
        scheduler: 'normal',
        denoise: 1,
        model: ['lora', 0],
        positive: ['yes', 0],
        negative: ['zero', 0],
        latent_image: [latent, 0],
      },
    })
    const found = read(
      chunk('prompt', {
        ...common,
        second: pass('up', 2),
        first: pass('empty', 1),
        up: { class_type: 'LatentUpscale', inputs: { samples: ['first', 0] } },
        zero: { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['yes', 0] } },
        lora: {
          class_type: 'LoraLoader',
          inputs: { lora_name: 'x', strength_model: 0.5, model: ['model', 0], clip: ['model', 1] },
        },
        odd: { class_type: 'SomethingElse', inputs: {} },
      }),
    )
    expect(found.request).toMatchObject({ seed: 1, sampler: 'Heun', schedule: 'Normal', prompt: 'cat' })
    expect(found.request.negativePrompt).toBeUndefined()
    expect(keysOf(found)).toEqual(expect.arrayContaining(['node second', 'LoRA', 'node odd']))
  })

  it('of SDXL is read with its second text and its size conditioning', () => {
    const sizes = { width: 2048, height: 1024, crop_w: 0, crop_h: 8, target_width: 1024, target_height: 768 }
    const found = read(
      chunk('prompt', {
        ...common,
        both: {
          class_type: 'CLIPTextEncodeSDXL',
          inputs: { text_l: 'a', text_g: 'b', ...sizes, clip: ['model', 1] },
        },
        run: {
          class_type: 'KSampler',
          inputs: { seed: 1, positive: ['both', 0], negative: ['no', 0], latent_image: ['empty', 0] },
        },
      }),
    )
    expect(found.request).toMatchObject({
      prompt: 'a',
      prompt2: 'b',
      negativePrompt: 'dog',
      sizeConditioning: {
        originalWidth: 2048,
        originalHeight: 1024,
        cropTop: 8,
        targetWidth: 1024,
        targetHeight: 768,
      },
    })
  })

  it('keeps a seed beyond 2^53 exact, and survives NaN', () => {
    const graph = JSON.stringify({
      ...common,
      run: { class_type: 'KSampler', inputs: { seed: 0, steps: 3, latent_image: ['empty', 0] } },
    }).replace('"seed":0', '"seed":12345678901234567890,"x":NaN')
    expect(read(chunk('prompt', graph)).request.seed).toBe('12345678901234567890')
  })

  it('without a sampler says so; a drawn graph alone is kept as it is', () => {
    expect(keysOf(read(chunk('prompt', { a: { class_type: 'Odd', inputs: {} } })))).toContain('prompt')
    expect(keysOf(read(chunk('workflow', { nodes: [] })))).toEqual(['workflow'])
  })
})

describe('InvokeAI', () => {
  it('reads seed 0, and leaves samplers that are other methods here', () => {
    const found = read(
      chunk('invokeai_metadata', {
        positive_prompt: 'cat',
        seed: 0,
        steps: 5,
        scheduler: 'dpmpp_2s_k',
        seamless_x: true,
      }),
    )
    expect(found.request).toMatchObject({ prompt: 'cat', seed: 0, steps: 5 })
    expect(keysOf(found)).toEqual(['scheduler', 'seamless_x'])
  })

  it('that is no JSON object is said to be broken', () => {
    expect(() => read(chunk('invokeai_metadata', 'nonsense'))).toThrow(
      expect.objectContaining({ code: 'bad-metadata' }),
    )
  })
})
