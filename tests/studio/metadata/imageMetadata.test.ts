import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  generationRequestSchema,
  seedConventions,
  type ResolvedRequest,
} from '../../../src/shared/request/request.ts'
import { samplers, schedules } from '../../../src/shared/models/samplers.ts'
import { readTexts, withTexts } from '../../../src/studio/metadata/containers.ts'
import {
  imageMetadata,
  infotextOf,
  readOwnMetadata,
  type EmbeddedRecord,
} from '../../../src/studio/metadata/imageMetadata.ts'
import { parseInfotext } from '../../../src/studio/metadata/infotext.ts'
import { pngWithText, readTextChunks } from '../../../src/studio/metadata/pngText.ts'
import { infotextGeneration } from '../../../src/studio/metadata/programs/readA1111.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng } from './files.ts'

const recordOf = (request: ResolvedRequest): EmbeddedRecord => ({
  id: 'image-1',
  jobId: 'job-1',
  createdAt: 1_700_000_000_000,
  width: request.width,
  height: request.height,
  request,
  model: { id: 'starter', name: 'starter', hash: 'ab'.repeat(32) },
  engineVersion: '0.1.0',
  onnxRuntimeVersion: '1.30.0',
  device: 'cpu',
  dtype: 'float32',
  timings: {
    load: 1,
    textEncode: 2,
    denoise: 3,
    decode: 4,
    total: 10,
    unetRuns: 20,
    unetRunMs: 2.5,
    runMs: 9,
  },
})

const readInfotext = (text: string) => infotextGeneration(parseInfotext(text), text).request

const nameOf = (table: readonly { name: string }[]) => fc.constantFrom(...table.map(({ name }) => name))
const fraction = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)
const size = fc.integer({ min: 8, max: 256 }).map((units) => units * 8)
const seed = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String))
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null })

/** Requests with every field that decides pixels drawn at random. */
const requests = (text: fc.Arbitrary<string>): fc.Arbitrary<ResolvedRequest> =>
  fc
    .record({
      prompt: text,
      negativePrompt: text,
      seed,
      steps: fc.integer({ min: 1, max: 200 }),
      guidanceScale: fc.integer({ min: 0, max: 300 }).map((tenths) => tenths / 10),
      guidanceRescale: fraction,
      turbo: fc.boolean(),
      sampler: nameOf(samplers),
      schedule: nameOf(schedules),
      width: size,
      height: size,
      clipSkip: nullable(fc.integer({ min: 2, max: 12 })),
      seedConvention: fc.constantFrom(...seedConventions),
      variation: nullable(
        fc.record({
          variationSeed: seed,
          variationStrength: fc.integer({ min: 1, max: 100 }).map((n) => n / 100),
        }),
      ),
      resize: nullable(fc.record({ seedResizeWidth: size, seedResizeHeight: size })),
      etaNoiseSeedDelta: fc.nat(100_000),
      eta: nullable(fraction),
      sChurn: fraction,
      sTmin: fraction,
      sTmax: nullable(fraction),
      sNoise: fraction,
      sigmaMin: nullable(fc.integer({ min: 1, max: 99 }).map((n) => n / 100)),
      rho: nullable(fc.integer({ min: 1, max: 10 })),
      discardPenultimateSigma: nullable(fc.boolean()),
      zeroTerminalSnr: fc.constantFrom(null, true),
      fast: nullable(
        fc.record({
          forecast: nullable(fraction),
          agreement: nullable(fc.constantFrom(0.95, 0.9999, 1)),
          guidanceInterval: nullable(fc.record({ min: fraction, max: nullable(fc.constantFrom(5.5, 20)) })),
        }),
      ),
    })
    .map(
      ({ variation, resize, ...rest }) =>
        generationRequestSchema.parse({ ...rest, ...variation, ...resize }) as ResolvedRequest,
    )

describe('the metadata of a picture', () => {
  it('brings back exactly the record it was made from', () => {
    fc.assert(
      fc.property(requests(fc.string({ unit: 'grapheme', maxLength: 60 })), (request) => {
        const record = recordOf(request)
        const png = pngWithText(emptyPng, imageMetadata(record))
        expect(readOwnMetadata(png)).toEqual(record)
        expect(readGeneration(png)).toMatchObject({ source: 'Latent Studio', request, unmapped: [] })
      }),
    )
  })

  it('as infotext is the request again, for prompts without line ends at their edges', () => {
    const prompts = fc
      .array(fc.stringMatching(/^[a-zé(),.:<>"\\\d ]{0,30}$/), { maxLength: 3 })
      .map((lines) =>
        lines
          .map((line) => line.trim())
          .join('\n')
          .trim(),
      )
    fc.assert(
      fc.property(requests(prompts), (request) => {
        const { seed, ...read } = generationRequestSchema.parse(readInfotext(infotextOf(recordOf(request))))
        const written = { ...request, model: read.model, device: read.device }
        expect({ ...read, seed }).toEqual(written)
      }),
    )
  })

  it('is AUTOMATIC1111 text for a plain request', () => {
    const request = generationRequestSchema.parse({
      prompt: 'a cat',
      negativePrompt: 'dog',
      seed: 5,
      width: 128,
      height: 128,
    })
    expect(infotextOf(recordOf(request as ResolvedRequest))).toBe(
      'a cat\nNegative prompt: dog\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Automatic, CFG scale: 4, Seed: 5, ' +
        'Size: 128x128, Model hash: ababababab, Model: starter, RNG: CPU, Version: Latent Studio 0.1.0',
    )
  })

  it('tells how a part was painted under AUTOMATIC1111’s keys, and it is read again', () => {
    const inpaint = {
      area: 'masked',
      padding: 48,
      content: 'noise',
      maskBlur: 6,
      soft: true,
      outpaint: { left: 0, top: 16, right: 128, bottom: 0 },
    } as const
    const initImage = { id: 'a'.repeat(64) }
    const asked = generationRequestSchema.parse({ initImage, mask: { id: 'b'.repeat(64) }, inpaint })
    const text = infotextOf(recordOf({ ...asked, seed: 1, width: 512, height: 512 }))
    expect(text).toContain(
      'Denoising strength: 0.6, Masked content: latent noise, Mask blur: 6, Inpaint area: Only masked, Masked area padding: 48, Soft inpainting enabled: True',
    )
    const { request, unmapped } = infotextGeneration(parseInfotext(text), text)
    expect(request.inpaint).toEqual(inpaint)
    expect(unmapped.map(({ key }) => key)).toContain('Mask')
  })

  it('reads how AUTOMATIC1111 painted a part', () => {
    const told = (settings: string) =>
      readInfotext(`a cat\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 512x512, ${settings}`).inpaint
    expect(told('Denoising strength: 0.75, Mask blur: 4')).toMatchObject({ area: 'whole', maskBlur: 4 })
    expect(told('Denoising strength: 0.75, Masked content: fill, Inpaint area: Only masked')).toMatchObject({
      area: 'masked',
      padding: 32,
      content: 'fill',
      maskBlur: 0,
    })
    expect(told('Denoising strength: 0.75')).toBeUndefined()
    expect(told('Masked content: original')).toBeUndefined()
  })

  it('has LoRAs, embeddings and the VAE as AUTOMATIC1111 writes them, and they are read again', () => {
    const sha256 = (digit: string): string => digit.repeat(64)
    const blocks = Array.from({ length: 26 }, (_, index) => Number(index > 13))
    const request = generationRequestSchema.parse({
      prompt: 'a cat <lora:ink, wash:0.5>',
      negativePrompt: 'easynegative',
      seed: 5,
      width: 128,
      height: 128,
      adapters: [
        { name: 'chalk', unet: 0.8, text: 0.8 },
        { name: 'lead', unet: 1, text: 0, blocks },
      ],
      vae: 'vae-ft-mse',
      files: [
        { kind: 'lora', name: 'ink, wash', hash: sha256('1'), autoV3: 'a'.repeat(12) },
        { kind: 'lora', name: 'chalk', hash: sha256('2'), autoV3: 'b'.repeat(12) },
        { kind: 'lora', name: 'lead', hash: sha256('3'), autoV3: 'c'.repeat(12) },
        { kind: 'embedding', name: 'easynegative', hash: sha256('4') },
        { kind: 'vae', name: 'vae-ft-mse', hash: sha256('5') },
      ],
    }) as ResolvedRequest
    const tags = `<lora:chalk:0.8> <lora:lead:0:1:lbw=${blocks.join()}>`
    const text = infotextOf(recordOf(request))
    expect(text).toBe(
      `a cat <lora:ink, wash:0.5> ${tags}\nNegative prompt: easynegative\nSteps: 20, Sampler: DPM++ 2M, ` +
        'Schedule type: Automatic, CFG scale: 4, Seed: 5, Size: 128x128, Model hash: ababababab, Model: starter, ' +
        'VAE hash: 5555555555, VAE: vae-ft-mse.safetensors, RNG: CPU, ' +
        'Lora hashes: "ink wash: aaaaaaaaaaaa, chalk: bbbbbbbbbbbb, lead: cccccccccccc", ' +
        'TI hashes: "easynegative: 444444444444", Version: Latent Studio 0.1.0',
    )
    const read = readInfotext(text)
    expect(read).toMatchObject({ prompt: `a cat <lora:ink, wash:0.5> ${tags}`, vae: 'vae-ft-mse' })
    expect(read.files?.map(({ kind, name, hash }) => [kind, name, hash]).sort()).toEqual([
      ['embedding', 'easynegative', '444444444444'],
      ['lora', 'chalk', 'bbbbbbbbbbbb'],
      ['lora', 'ink, wash', 'aaaaaaaaaaaa'],
      ['lora', 'lead', 'cccccccccccc'],
      ['vae', 'vae-ft-mse', '5555555555'],
    ])
    // Where tags are words, those behind the prompt come back as what they were.
    const comfy = { ...request, seedConvention: 'ComfyUI' } as const
    const { prompt, adapters } = generationRequestSchema.parse(readInfotext(infotextOf(recordOf(comfy))))
    expect(prompt).toBe('a cat')
    expect(adapters.slice(-2)).toEqual(request.adapters)
  })

  it('survives in PNG, JPEG and WebP without touching a pixel', async () => {
    const texts = imageMetadata(
      recordOf(
        generationRequestSchema.parse({
          prompt: '富士山 — é',
          seed: 1,
          width: 64,
          height: 64,
        }) as ResolvedRequest,
      ),
    )
    const picture = sharp({
      create: { width: 33, height: 21, channels: 4, background: { r: 9, g: 200, b: 30, alpha: 0.5 } },
    })
    for (const file of [
      await picture.png().toBuffer(),
      await picture.jpeg().toBuffer(),
      await picture.webp().toBuffer(),
      await picture.webp({ lossless: true }).toBuffer(),
    ]) {
      const written = withTexts(withTexts(file, []), texts)
      const found = readTexts(written)
      for (const text of texts) expect(found).toContainEqual(text)
      expect(readGeneration(written)?.source).toBe('Latent Studio')
      const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer({ resolveWithObject: true })
      expect(await pixels(written)).toEqual(await pixels(file))
    }
  })

  it('too long for a JPEG is refused with a way out', async () => {
    const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()
    const texts = [{ keyword: 'parameters', text: 'x'.repeat(40_000) }]
    expect(() => withTexts(jpeg, texts)).toThrow('Save it as PNG or WebP')
  })
})

describe('text chunks', () => {
  it('are tEXt where the text fits Latin-1 and iTXt where not, and read back the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const chunks = texts.map((text) => ({ keyword: 'parameters', text }))
        const png = pngWithText(emptyPng, chunks)
        expect(readTextChunks(png)).toEqual(chunks)
      }),
    )
    expect(pngWithText(emptyPng, [{ keyword: 'k', text: 'é' }]).includes('tEXt')).toBe(true)
    expect(pngWithText(emptyPng, [{ keyword: 'k', text: '語' }]).includes('iTXt')).toBe(true)
  })

  it('with a wrong checksum are not believed', () => {
    const png = pngWithText(emptyPng, [{ keyword: 'k', text: 'true' }])
    png[png.indexOf('true')] = 'f'.charCodeAt(0)
    expect(readTextChunks(png)).toEqual([])
  })
})

describe('our own JSON', () => {
  it('that is broken is said to be, by code', () => {
    for (const text of ['', '{', '{"version": 2}', '[]', '{"version":1,"id":5}']) {
      const png = pngWithText(emptyPng, [{ keyword: 'latent-studio', text }])
      expect(() => readOwnMetadata(png)).toThrow(expect.objectContaining({ code: 'bad-metadata' }))
    }
    expect(readOwnMetadata(emptyPng)).toBeNull()
  })
})
