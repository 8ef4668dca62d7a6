import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { exifTags, writeExif } from '../../../src/studio/metadata/exif.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { imageMetadata, type EmbeddedRecord } from '../../../src/studio/metadata/imageMetadata.ts'
import { pngWithText, readTextChunks } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { emptyPng, jpegAround, pngChunk, webpAround } from './files.ts'

const infotext =
  'a boat\nNegative prompt: fog\nSteps: 24, Sampler: Euler a, CFG scale: 6.5, Seed: 57, Size: 64x64'
const square = sharp({ create: { width: 16, height: 16, channels: 3, background: '#446688' } })

const graph = {
  model: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
  empty: { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 640, batch_size: 1 } },
  yes: { class_type: 'CLIPTextEncode', inputs: { text: 'cat', clip: ['model', 1] } },
  no: { class_type: 'CLIPTextEncode', inputs: { text: 'dog', clip: ['model', 1] } },
  run: {
    class_type: 'KSampler',
    inputs: {
      ...{ seed: 9, steps: 8, cfg: 5, sampler_name: 'heun', scheduler: 'karras', denoise: 1 },
      ...{ model: ['model', 0], positive: ['yes', 0], negative: ['no', 0], latent_image: ['empty', 0] },
    },
  },
}
const workflow = { nodes: [{ type: 'KSampler', widgets_values: ['wrong'] }], links: [] }
const ofGraph = {
  source: 'ComfyUI',
  request: { prompt: 'cat', negativePrompt: 'dog', seed: 9, steps: 8, sampler: 'Heun', height: 640 },
  model: { name: 'a.safetensors' },
}

const record: EmbeddedRecord = {
  ...{ id: 'image-1', jobId: 'job-1', createdAt: 1_700_000_000_000, width: 64, height: 64 },
  request: {
    ...generationRequestSchema.parse({ prompt: 'a boat' }),
    ...{ seed: '18446744073709551615', width: 64, height: 64 },
  },
  model: { id: 'starter', name: 'starter', hash: 'ab'.repeat(32) },
  ...{ engineVersion: '0.1.0', onnxRuntimeVersion: '1.30.0', device: 'cpu', dtype: 'float32' },
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
}

describe('an AVIF', () => {
  it('is read by its EXIF item, wherever its bytes lie', async () => {
    const avif = await square
      .clone()
      .avif()
      .withExif({ IFD2: { UserComment: infotext } })
      .toBuffer()
    expect(readGeneration(avif)).toMatchObject({
      source: 'AUTOMATIC1111',
      request: { prompt: 'a boat', seed: 57 },
    })
  })

  it('of a picture of the studio tells all of its request', async () => {
    const own = readTextChunks(pngWithText(emptyPng, imageMetadata(record)))
    const text = own.find(({ keyword }) => keyword === 'latent-studio')!.text
    const avif = await square
      .clone()
      .avif()
      .withExif({ IFD0: { Make: `latent-studio:${text}` } })
      .toBuffer()
    expect(readGeneration(avif)).toMatchObject({
      source: 'Latent Studio',
      request: { prompt: 'a boat', seed: '18446744073709551615' },
    })
  })

  it('that is cut off or damaged tells nothing, or what is whole', async () => {
    const avif = await square
      .clone()
      .avif()
      .withExif({ IFD2: { UserComment: infotext } })
      .toBuffer()
    for (let length = 12; length < avif.length; length += 7) {
      expect(readGeneration(avif.subarray(0, length))?.source ?? null).toBeOneOf([null, 'AUTOMATIC1111'])
    }
    for (let at = 12; at < 400 && at < avif.length; at++) {
      for (const byte of [0, 1, 0x7f, 0xff]) {
        const damaged = Buffer.from(avif)
        damaged[at] = byte
        expect(readGeneration(damaged)?.source ?? null).toBeOneOf([null, 'AUTOMATIC1111'])
      }
    }
  })
})

describe('ComfyUI graphs in EXIF', () => {
  const files = { JPEG: jpegAround, WebP: webpAround }

  it.each(Object.entries(files))('stand in Make and ImageDescription of a %s, with capitals', (_, around) => {
    const texts = new Map<number, string>([
      [exifTags.description, `Workflow: ${JSON.stringify(workflow)}`],
      [exifTags.make, `Prompt: ${JSON.stringify(graph)}`],
    ])
    expect(readGeneration(around(writeExif(texts, '')))).toMatchObject(ofGraph)
  })

  it.each(Object.entries(files))('stand as JSON in the user comment of a %s', (_, around) => {
    for (const comment of [
      { prompt: graph, workflow },
      { prompt: JSON.stringify(graph), workflow: JSON.stringify(workflow) },
      { ...graph, extra: { airs: [] } },
    ]) {
      expect(readGeneration(around(writeExif(new Map(), JSON.stringify(comment))))).toMatchObject(ofGraph)
    }
  })

  it('go before what the site says that ran them, which counts where they say nothing', () => {
    const { yes: _, ...textless } = graph
    const site = { prompt: 'from the site', steps: 99, resources: [] }
    const comment = { ...textless, extra: { airs: [] }, extraMetadata: JSON.stringify(site) }
    expect(readGeneration(jpegAround(writeExif(new Map(), JSON.stringify(comment))))).toMatchObject({
      source: 'Civitai (ComfyUI)',
      request: { prompt: 'from the site', negativePrompt: 'dog', steps: 8 },
    })
  })

  it('are not seen in JSON of other programs, which does not become a prompt', () => {
    for (const comment of [
      { prompt: 'x', steps: 3 },
      { workflow: 'x' },
      { a: { class_type: 1 } },
      { Comment: '{}' },
    ]) {
      const found = readGeneration(jpegAround(writeExif(new Map(), JSON.stringify(comment))))
      expect(found?.source).not.toBe('ComfyUI')
      expect(found?.request.prompt ?? '').not.toMatch(/^\s*\{/)
    }
  })
})

describe('Draw Things', () => {
  const written = {
    ...{
      c: 'a "bicycle" & a fence',
      uc: 'fog',
      steps: 26,
      scale: 4,
      seed: 19,
      size: '1024x768',
      strength: 0.6,
    },
    ...{
      model: 'sd_v1.5_f16.ckpt',
      sampler: 'DPM++ 2M Karras',
      seed_mode: 'NVIDIA GPU Compatible',
      shift: 3,
    },
    ...{ lora: [{ model: 'style.ckpt', weight: 0.8 }], v2: { steps: 26 }, hires_fix: false },
  }
  const wanted = {
    source: 'Draw Things',
    request: {
      ...{ prompt: 'a "bicycle" & a fence', negativePrompt: 'fog', steps: 26, guidanceScale: 4, seed: 19 },
      ...{ width: 1024, height: 768, denoiseStrength: 0.6, sampler: 'DPM++ 2M', schedule: 'Karras' },
      seedConvention: 'AUTOMATIC1111 GPU',
    },
    model: { name: 'sd_v1.5_f16.ckpt' },
  }
  const escaped = JSON.stringify(written).replaceAll('&', '&amp;').replaceAll('"', '&quot;')

  it('writes a user comment in EXIF', () => {
    const exif = writeExif(new Map([[exifTags.software, 'Draw Things']]), JSON.stringify(written))
    const found = readGeneration(jpegAround(exif))!
    expect(found).toMatchObject(wanted)
    expect(found.unmapped.map(({ key }) => key).sort()).toEqual(['LoRA', 'shift', 'strength'])
  })

  it.each([
    ['an attribute', `<rdf:Description xmp:CreatorTool="Draw Things" exif:UserComment="${escaped}"/>`],
    [
      'a list',
      `<xmp:CreatorTool>Draw Things</xmp:CreatorTool><exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">${escaped}</rdf:li></rdf:Alt></exif:UserComment>`,
    ],
  ])('writes XMP in a PNG, as %s', (_, packet) => {
    const text = `<x:xmpmeta><rdf:RDF>${packet}</rdf:RDF></x:xmpmeta>`
    expect(readGeneration(pngWithText(emptyPng, [{ keyword: 'XML:com.adobe.xmp', text }]))).toMatchObject(
      wanted,
    )
  })
})

describe('a screenshot', () => {
  it('with a user comment is no picture of a program that makes pictures', () => {
    const exif = writeExif(new Map(), 'Screenshot')
    const png = Buffer.concat([emptyPng.subarray(0, 33), pngChunk('eXIf', exif), emptyPng.subarray(33)])
    expect(readGeneration(png)).toBeNull()
    const told = pngChunk('eXIf', writeExif(new Map(), infotext))
    const png2 = Buffer.concat([emptyPng.subarray(0, 33), told, emptyPng.subarray(33)])
    expect(readGeneration(png2)?.request.prompt).toBe('a boat')
  })
})

describe('Midjourney', () => {
  it('leaves a prompt, and parameters that are said', () => {
    const text = 'a snail, --no cars --ar 16:9 --v 6 Job ID: 3f0c2b1e-7d45-4c9a-8b16-5e2a90d47c83'
    const found = readGeneration(pngWithText(emptyPng, [{ keyword: 'Description', text }]))!
    expect(found).toMatchObject({ source: 'Midjourney', request: { prompt: 'a snail,' }, model: null })
    expect(found.unmapped.map(({ key, value }) => `${key} ${value}`)).toEqual(
      expect.arrayContaining(['--no cars', '--ar 16:9', '--v 6']),
    )
    expect(readGeneration(pngWithText(emptyPng, [{ keyword: 'Description', text: 'my holiday' }]))).toBeNull()
  })
})

it('a user comment that is UTF-8 under the mark of UTF-16 is read as UTF-8', () => {
  const written = writeExif(new Map(), 'x')
  const comment = Buffer.from(`UNICODE\0${infotext.replace('a boat', 'ein Böötchen, 小船')}`)
  const at = written.indexOf('UNICODE')
  const exif = Buffer.concat([written.subarray(0, at), comment])
  // The entry of the user comment: tag, type, length, offset.
  exif.writeUInt32BE(comment.length, written.indexOf(Buffer.from([0x92, 0x86, 0, 7])) + 4)
  expect(readGeneration(jpegAround(exif))).toMatchObject({
    request: { prompt: 'ein Böötchen, 小船', negativePrompt: 'fog', steps: 24 },
  })
})

describe('texts of ComfyUI that are no picture', () => {
  it('is read as it is sent to the API', () => {
    const body = { client_id: 'c1', prompt: graph, extra_data: { extra_pnginfo: { workflow } } }
    expect(readGeneration(Buffer.from(JSON.stringify(body)))).toMatchObject(ofGraph)
  })

  it.each([
    ['the graph', JSON.stringify(graph)],
    ['the body', JSON.stringify({ client_id: 'c1', prompt: graph })],
    ['the drawn graph', JSON.stringify({ last_node_id: 3, ...workflow })],
  ])('is named where it is cut off: %s', (_, whole) => {
    const cut = whole.slice(0, -20)
    const found = readGeneration(Buffer.from(cut))
    expect(found).toMatchObject({ source: 'ComfyUI', request: {} })
    expect(found?.unmapped).toMatchObject([
      { value: `${cut.length} characters`, reason: expect.stringContaining('cut off') as string },
    ])
    const inPng = readGeneration(pngWithText(emptyPng, [{ keyword: 'prompt', text: cut }]))
    expect(inPng?.unmapped[0].reason).toContain('cut off')
  })

  it('is said to be the drawn graph alone where it is that', () => {
    const found = readGeneration(Buffer.from(JSON.stringify(workflow)))
    expect(found?.unmapped).toMatchObject([
      { key: 'workflow', reason: expect.stringContaining('drawn') as string },
    ])
  })
})
