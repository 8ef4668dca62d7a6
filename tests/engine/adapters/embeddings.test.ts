import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readEmbedding } from '../../../src/engine/adapters/embeddingFile.ts'
import type { Model } from '../../../src/engine/model/model.ts'
import { openModel } from '../../../src/engine/model/openModel.ts'
import { readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { readNumbers } from '../../../src/engine/model/files/tensorNumbers.ts'
import { promptChunks } from '../../../src/engine/text/chunks.ts'
import { comfyChunks } from '../../../src/engine/text/comfyPrompt.ts'
import { encodePrompts, openTokenizers } from '../../../src/engine/text/textEmbeddings.ts'
import type { Tokenizer } from '../../../src/engine/text/tokenizer.ts'
import { generationRequestSchema, type SeedConvention } from '../../../src/shared/request/request.ts'
import { writeSafetensors, type TestTensor } from '../model/safetensorsFile.ts'
import { float32, wave } from './adapterFiles.ts'

const sd15 = join(import.meta.dirname, '../../golden/pipelines/sd15')

let folder: string
let model: Model
let tokenizers: Tokenizer[]
/** The token embeddings of the text encoder, [vocabulary, 32]. */
let table: Float64Array
beforeAll(async () => {
  model = await openModel(sd15, 'cpu')
  tokenizers = await openTokenizers(model)
  const { path, tensors } = await readSafetensors(join(sd15, 'text_encoder/model.safetensors'))
  const key = [...tensors.keys()].find((name) => name.endsWith('token_embedding.weight'))!
  table = (await readNumbers(path, [tensors.get(key)!]))[0]!
})
afterAll(() => model.release())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embeddings-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function written(tensors: Record<string, TestTensor>): Promise<string> {
  const path = join(folder, 'style.safetensors')
  await writeSafetensors(path, tensors)
  return path
}

/** The vectors of words that the model knows: an embedding of them says what the words say. */
function vectorsOf(text: string): TestTensor {
  const ids = tokenizers[0].encode(text)
  return float32(
    [ids.length, 32],
    ids.flatMap((id) => [...table.subarray(id * 32, (id + 1) * 32)]),
  )
}

async function said(prompt: string, path: string | null, convention: SeedConvention): Promise<Float32Array> {
  const embeddings = path === null ? [] : [{ name: 'my-style', path }]
  const worn = await model.wearing({ adapters: [], embeddings, vaePath: null }, () => {})
  const parsed = generationRequestSchema.parse({ prompt, seedConvention: convention })
  const request = { ...parsed, seed: 1, width: 64, height: 64 }
  const encoding = { clipSkip: { positive: 1, negative: 1 }, evaluations: 4, evaluationsBefore: 0 }
  const { positive } = await encodePrompts(worn, tokenizers, request, encoding)
  return positive[0].texts[0].embeddings.context!
}

const largest = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0)

describe('an embedding in a prompt', () => {
  const conventions = [
    ['AUTOMATIC1111 CPU', 'a my-style house', '(My-Style:1.3) house'],
    ['ComfyUI', 'a embedding:my-style house', '(embedding:my-style:1.3) house'],
    ['diffusers', 'a my-style house', '(my-style:1.3) house'],
  ] as const

  it.each(conventions)('%s: its vectors stand where its name stands', async (convention, named, weighted) => {
    const path = await written({ emb_params: vectorsOf('red green') })
    expect(
      largest(await said(named, path, convention), await said('a red green house', null, convention)),
    ).toBeLessThan(1e-6)
    expect(largest(await said(named, path, convention), await said(named, null, convention))).toBeGreaterThan(
      1e-3,
    )
    const plain = await said('(red green:1.3) house', null, convention)
    expect(largest(await said(weighted, path, convention), plain)).toBeLessThan(1e-6)
  })

  it('is called by the token that diffusers stores it under', async () => {
    const path = await written({ '<cat-toy>': vectorsOf('red') })
    const [called, plain] = [
      await said('a <cat-toy> here', path, 'diffusers'),
      await said('a red here', null, 'diffusers'),
    ]
    expect(largest(called, plain)).toBeLessThan(1e-6)
  })
})

describe('chunks', () => {
  const style = [{ name: 'my-style', vectors: 10 }]

  it('count the vectors, and move an embedding that does not fit whole', () => {
    const prompt = `${'a '.repeat(70)}my-style end`
    const [first, second] = promptChunks(tokenizers[0], prompt, { embeddings: style })
    expect(first.embeddings).toEqual([])
    expect(second.embeddings).toEqual([{ name: 'my-style', at: 1 }])
  })

  it('of ComfyUI divide an embedding of eight vectors or more, and no smaller one', () => {
    const prompt = `${'a '.repeat(70)}embedding:my-style end`
    const [first, second] = comfyChunks(tokenizers[0], prompt, style)
    const room = 76 - 71
    expect(first.embeddings).toEqual([{ name: 'my-style', at: 71 }])
    expect(second.embeddings).toEqual([{ name: 'my-style', at: 1, from: room }])
    const [, small] = comfyChunks(tokenizers[0], prompt, [{ name: 'my-style', vectors: 7 }])
    expect(small.embeddings).toEqual([{ name: 'my-style', at: 1 }])
  })

  it('of ComfyUI leave a comma behind a name to the text, and say nothing for a name of no file', () => {
    const idsOf = (prompt: string) => comfyChunks(tokenizers[0], prompt, [{ name: 'x', vectors: 1 }])[0].ids
    const comma = tokenizers[0].encode(', b')
    expect(idsOf('a embedding:x, b').slice(2, 3 + comma.length)).toEqual([0, ...comma])
    expect(idsOf('a embedding:nobody b')).toEqual(idsOf('a b'))
    expect(idsOf('embedding:X.safetensors b')).toEqual(idsOf('embedding:x b'))
  })
})

describe('an embedding file', () => {
  const read = (path: string, widths = [32], family = 'sd1') =>
    readEmbedding({ name: 'style', path }, widths, family)

  it.each([
    ['emb_params', { emb_params: wave([2, 32], 1) }],
    ['string_to_param', { 'string_to_param.*': wave([2, 32], 1) }],
    ['a token', { '<style>': wave([2, 32], 1) }],
  ])('of the form %s is read', async (_, tensors) => {
    const { vectors, byEncoder } = await read(await written(tensors))
    expect([vectors, byEncoder[0].length]).toEqual([2, 64])
  })

  it('for SDXL has a table for either text encoder, found by their names', async () => {
    const path = await written({ clip_g: wave([3, 32], 1), clip_l: wave([3, 32], 2) })
    const { vectors, byEncoder } = await read(path, [32, 32], 'sdxl')
    expect([vectors, byEncoder.length]).toEqual([3, 2])
    expect(byEncoder[0]).not.toEqual(byEncoder[1])
  })

  it.each([
    ['SD 1', { emb_params: wave([1, 768], 1) }, [1024], 'sd2', /for SD 1.*768.*SD 2 reads.*1024/],
    [
      'SD 1 alone',
      { emb_params: wave([1, 768], 1) },
      [768, 1280],
      'sdxl',
      /for SD 1.*SDXL reads.*768 and 1280/,
    ],
    ['SDXL', { clip_l: wave([1, 768], 1), clip_g: wave([1, 1280], 1) }, [1024], 'sd2', /for SDXL/],
  ])('for %s is refused by another family', async (_, tensors, widths, family, message) => {
    await expect(read(await written(tensors), widths, family)).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(message) as string,
    })
  })

  it('with NaN, with too many vectors, as a pickle or as something else is refused', async () => {
    await expect(
      read(await written({ emb_params: float32([1, 32], Array<number>(32).fill(NaN)) })),
    ).rejects.toMatchObject({ code: 'bad-checkpoint' })
    await expect(read(await written({ emb_params: wave([76, 32], 1) }))).rejects.toMatchObject({
      code: 'does-not-fit',
    })
    await expect(read(join(folder, 'style.pt'))).rejects.toMatchObject({ code: 'pickle-refused' })
    await expect(read(join(sd15, 'vae/diffusion_pytorch_model.safetensors'))).rejects.toMatchObject({
      code: 'does-not-fit',
    })
  })
})
