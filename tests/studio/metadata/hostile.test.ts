import fc from 'fast-check'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { StudioError } from '../../../src/shared/errors.ts'
import { generationRequestSchema } from '../../../src/shared/request/request.ts'
import { writeExif } from '../../../src/studio/metadata/exif.ts'
import { pngWithText } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'
import { leastCpuTime } from '../../cpuTime.ts'
import { emptyPng, jpegAround, pngChunk, webpAround } from './files.ts'

/** Reads, and lets only our coded error pass. What is read must be a request. */
function readSafely(file: Buffer): void {
  try {
    const generation = readGeneration(file)
    if (generation) generationRequestSchema.parse(generation.request)
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'bad-metadata') throw error
  }
}

const keywords = [
  'parameters',
  'prompt',
  'workflow',
  'latent-studio',
  'invokeai_metadata',
  'sd-metadata',
  'Dream',
  'invokeai_graph',
  'invokeai_workflow',
  'generation_data',
  'Comment',
]
const jsonish = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('NaN', '{"3":{"class_type":"KSampler","inputs":{"model":["3",0],"latent_image":["3",0]}}}'),
)
const comfyNode = fc.record({
  class_type: fc.constantFrom(
    'KSampler',
    'SamplerCustomAdvanced',
    'CLIPTextEncode',
    'EmptyLatentImage',
    'LoraLoader',
    'X',
  ),
  inputs: fc.dictionary(
    fc.constantFrom(
      'model',
      'positive',
      'negative',
      'latent_image',
      'text',
      'clip',
      'seed',
      'steps',
      'sigmas',
      'width',
    ),
    fc.oneof(
      fc.tuple(fc.constantFrom('0', '1', '2', '3'), fc.nat(3)),
      fc.string(),
      fc.double(),
      fc.constant(null),
    ),
  ),
})

describe('metadata from anywhere', () => {
  it('throws nothing but the coded error, whatever the bytes', () => {
    const shells = [
      emptyPng,
      jpegAround(Buffer.alloc(0)),
      Buffer.from('RIFF\0\0\0\0WEBP'),
      Buffer.from('....ftypavif'),
    ]
    const bytes = fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array))
    fc.assert(
      fc.property(fc.constantFrom(Buffer.alloc(0), ...shells), bytes, (shell, rest) => {
        readSafely(Buffer.concat([shell, rest]))
      }),
      { numRuns: 3000 },
    )
  })

  it('throws nothing but the coded error, whatever text stands under whatever keyword', () => {
    const texts = fc.array(fc.record({ keyword: fc.constantFrom(...keywords), text: jsonish }), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(texts, (chunks) => readSafely(pngWithText(emptyPng, chunks))),
      { numRuns: 3000 },
    )
  })

  it('reads any infotext-like line into a valid request', () => {
    const key = fc.constantFrom(
      'Steps',
      'Sampler',
      'Size',
      'Seed',
      'CFG scale',
      'RNG',
      'Version',
      '__proto__',
      'toString',
      'ENSD',
    )
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.constantFrom('512x512', '"a, b"', '-1', '1e999', '9'.repeat(30)),
    )
    const line = fc
      .array(fc.tuple(key, value), { minLength: 3 })
      .map((pairs) => pairs.map((pair) => pair.join(': ')).join(', '))
    fc.assert(
      fc.property(fc.string(), line, (prompt, last) => {
        readSafely(pngWithText(emptyPng, [{ keyword: 'parameters', text: `${prompt}\n${last}` }]))
      }),
      { numRuns: 3000 },
    )
  })

  it('reads any ComfyUI graph, also one that links in circles', () => {
    const graph = fc.dictionary(fc.constantFrom('0', '1', '2', '3'), comfyNode)
    fc.assert(
      fc.property(graph, (nodes) => {
        readSafely(pngWithText(emptyPng, [{ keyword: 'prompt', text: JSON.stringify(nodes) }]))
      }),
      { numRuns: 2000 },
    )
  })

  it('survives damage anywhere in an EXIF block', () => {
    const exif = writeExif(new Map([[0x0110, 'prompt:{}']]), 'a cat\nSteps: 2, Sampler: Euler, Seed: 3')
    const damage = fc.array(fc.tuple(fc.nat(exif.length - 1), fc.nat(255)), { maxLength: 6 })
    fc.assert(
      fc.property(damage, fc.boolean(), (changes, inWebp) => {
        const damaged = Buffer.from(exif)
        for (const [at, byte] of changes) damaged[at] = byte
        readSafely(inWebp ? webpAround(damaged) : jpegAround(damaged))
      }),
      { numRuns: 3000 },
    )
  })
})

describe('one megabyte of hostile metadata', () => {
  const size = 1024 * 1024
  const fill = (pattern: string) => pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size)
  const patterns: Record<string, string> = {
    spaces: ' ',
    lines: '\n',
    colons: 'ab:',
    commas: ',',
    'open quotes': 'ab: "',
    'escaped quotes': 'ab: "\\"',
    backslashes: '\\',
    keys: 'ab cd ef',
    pairs: 'ab: 1, ',
    'distinct words': 'Negative prompt: x\n',
    brackets: '[',
    braces: '{',
    'nested objects': '{"a":',
    'escapes in a string': '\\"',
    digits: '12345678901234567890,',
    'one number': '7',
    'not numbers': 'NaN',
    slashes: '//',
    tags: '<lora:',
    zeroes: '\0',
    'zeroes that end': '\0\0\0\0\0\0\0x',
    switches: ' -s -S ',
    weights: 'a:1.1 ',
    'quoted values over lines': 'ab: "x\n',
    'steps in quoted values': 'Steps: 1, ab: "x\nSteps: 2", c: "\n',
    'JSON values': 'ab: [{"c": 1}], ',
    'JSON values without an end': 'ab: [',
    templates: 'Template: x\n',
    modules: 'Module 1: ae, ',
    'single settings': 'Seed: 1\n',
  }
  const heads = [
    '',
    'Steps: 1, ab: 2, cd: ',
    '{"a":"',
    '{"sui_image_params":{"prompt":"',
    '[',
    'a\nSteps: 1, SDCPP: ',
  ]

  it.each(Object.entries(patterns))('takes less than a second: %s', (_, pattern) => {
    for (const head of heads) {
      for (const keyword of ['parameters', 'prompt', 'Dream', 'Comment', 'generation_data']) {
        const file = pngWithText(emptyPng, [{ keyword, text: head + fill(pattern) }])
        expect(
          timeOf(() => readSafely(file)),
          `${keyword} ${head}`,
        ).toBeLessThan(limit)
      }
    }
    expect(timeOf(() => readSafely(Buffer.from(fill(pattern))))).toBeLessThan(limit)
  })

  it('takes less than a second: a user comment of zeroes that does not end in them', () => {
    const file = webpAround(writeExif(new Map(), '\0'.repeat(size / 2) + 'x'))
    expect(timeOf(() => readSafely(file))).toBeLessThan(limit)
  })

  it('takes less than a second: a graph of ten thousand samplers in a row', () => {
    const nodes = Array.from({ length: 10_000 }, (_, id) => [
      String(id),
      { class_type: 'KSampler', inputs: { latent_image: [String(id + 1), 0], model: [String(id + 1), 0] } },
    ])
    const file = pngWithText(emptyPng, [
      { keyword: 'prompt', text: JSON.stringify(Object.fromEntries(nodes)) },
    ])
    expect(timeOf(() => readSafely(file))).toBeLessThan(limit)
  })

  it('takes less than a second: ten thousand texts that share one long chain', () => {
    const chain = Array.from({ length: 5000 }, (_, id) => [
      `c${id}`,
      { class_type: 'X', inputs: { clip: [`c${id + 1}`, 0] } },
    ])
    const texts = Array.from({ length: 5000 }, (_, id) => [
      `t${id}`,
      {
        class_type: 'CLIPTextEncode',
        inputs: { text: ['t0', 0], conditioning: [`t${id + 1}`, 0], clip: ['c0', 0] },
      },
    ])
    const sampler = ['k', { class_type: 'KSampler', inputs: { positive: ['t0', 0], negative: ['t0', 0] } }]
    const file = pngWithText(emptyPng, [
      { keyword: 'prompt', text: JSON.stringify(Object.fromEntries([...chain, ...texts, sampler])) },
    ])
    expect(timeOf(() => readSafely(file))).toBeLessThan(limit)
  })

  it('refuses a text that unpacks to gigabytes, at once', () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024))
    const chunk = pngChunk('zTXt', Buffer.concat([Buffer.from('parameters\0\0'), bomb]))
    const file = Buffer.concat([
      emptyPng.subarray(0, 33),
      ...Array.from({ length: 14 }, () => chunk),
      emptyPng.subarray(33),
    ])
    expect(timeOf(() => expect(() => readGeneration(file)).toThrow('8 MiB'))).toBeLessThan(limit)
  })
})

describe('a file made to be slow', () => {
  const repeated = (bytes: Buffer, count: number): Buffer => Buffer.alloc(bytes.length * count).fill(bytes)
  const pngWith = (chunks: Buffer): Buffer =>
    Buffer.concat([emptyPng.subarray(0, 33), chunks, emptyPng.subarray(33)])
  const text = (keyword: string, value: string): Buffer =>
    pngChunk('tEXt', Buffer.from(`${keyword}\0${value}`))
  const webpWith = (chunks: Buffer): Buffer =>
    Buffer.concat([webpAround(Buffer.alloc(0)).subarray(0, 12), chunks])

  it.each<[string, () => Buffer]>([
    ['8 million empty chunks', () => pngWith(repeated(pngChunk('teSt', Buffer.alloc(0)), 8_000_000))],
    ['4 million texts', () => pngWith(repeated(text('parameters', 'x'), 4_000_000))],
    ['12 million WebP chunks', () => webpWith(repeated(Buffer.from('ABCD\0\0\0\0'), 12_000_000))],
    [
      '25 million JPEG segments',
      () => Buffer.concat([Buffer.from([0xff, 0xd8]), repeated(Buffer.from([0xff, 0xe1, 0, 2]), 25_000_000)]),
    ],
    ['texts of 60 MiB', () => pngWith(Buffer.concat(keywords.map((keyword) => text(keyword, fill9(' ')))))],
  ])('is refused in less than a second: %s', (_, make) => {
    const file = make()
    expect(timeOf(() => expect(() => readGeneration(file)).toThrow(StudioError))).toBeLessThan(limit)
  })

  const fill9 = (pattern: string): string => pattern.repeat(9 * 2 ** 20)
  const shapes: Record<string, (levels: number) => string> = {
    objects: (levels) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
    lists: (levels) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`,
    'lists in a node': (levels) =>
      `{"1":{"class_type":"KSampler","inputs":{"model":${'['.repeat(levels)}${']'.repeat(levels)}}}}`,
    'objects in lists': (levels) => `{"a":${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}}`,
  }

  it.each(Object.entries(shapes))('that nests %s is refused at any depth that could do harm', (_, nest) => {
    for (const keyword of keywords) {
      for (const levels of [150, 1000, 20_000, 400_000]) {
        const file = pngWithText(emptyPng, [{ keyword, text: nest(levels) }])
        expect(
          timeOf(() => readSafely(file)),
          `${keyword}, ${levels} levels`,
        ).toBeLessThan(limit)
      }
    }
  })

  it('keeps brackets in texts apart from lists', () => {
    const prompt = `${'['.repeat(300)}"\\${'{'.repeat(300)}`
    const json = { sui_image_params: { prompt, seed: 1, steps: 2, width: 64, height: 64 } }
    const file = pngWithText(emptyPng, [{ keyword: 'parameters', text: JSON.stringify(json) }])
    expect(readGeneration(file)?.request.prompt).toBe(prompt)
  })
})

/**
 * Milliseconds that a file may take. What is read in one pass needs about 15 for a megabyte, and some ten times that while
 * V8 still interprets the code; what looks at everything for everything needs minutes.
 */
const limit = 1000

const timeOf = (work: () => void): number => leastCpuTime(limit, work)
