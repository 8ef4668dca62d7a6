import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseFiles } from '../../../src/studio/downloads/sites/engineFiles.ts'
import { readLink } from '../../../src/studio/downloads/sites/link.ts'
import { missingPieces, sizeOf, withRange, type Range } from '../../../src/studio/downloads/fetch/ranges.ts'
import { openRate } from '../../../src/studio/downloads/fetch/rate.ts'
import { safeName } from '../../../src/studio/downloads/sites/safeNames.ts'
import { isAllowed, publicSites } from '../../../src/studio/downloads/sites/sites.ts'
import { openTokens } from '../../../src/studio/downloads/sites/tokens.ts'
import { inEnglish } from '../../../src/shared/notices.ts'

const sites = publicSites({}, () => {})

test('links in every form that people copy name the same things', () => {
  const repository = { site: 'huggingface', repository: 'org/a.b-c', path: '', isFile: false }
  const sha = 'a'.repeat(40)
  const links: [string, object][] = [
    ['org/a.b-c', { ...repository, revision: 'main' }],
    ['org/a.b-c@refs/pr/1', { ...repository, revision: 'refs/pr/1' }],
    ['https://huggingface.co/org/a.b-c', { ...repository, revision: 'main' }],
    ['huggingface.co/org/a.b-c/', { ...repository, revision: 'main' }],
    ['https://hf.co/org/a.b-c/tree/refs%2Fpr%2F1', { ...repository, revision: 'refs/pr/1' }],
    [
      `https://huggingface.co/org/a.b-c/tree/${sha}/sub/dir`,
      { ...repository, revision: sha, path: 'sub/dir' },
    ],
    [
      ' https://huggingface.co/org/a.b-c/resolve/main/x%20y.safetensors?download=true ',
      { ...repository, revision: 'main', path: 'x y.safetensors', isFile: true },
    ],
    ['https://civitai.com/models/12/some-name', { site: 'civitai', model: 12, version: null, file: {} }],
    [
      'https://civitai.com/models/12?modelVersionId=34#x',
      { site: 'civitai', model: 12, version: 34, file: {} },
    ],
    [
      'https://civitai.com/api/download/models/34?type=Model&format=SafeTensor&size=pruned&fp=fp16&token=secret',
      {
        site: 'civitai',
        model: null,
        version: 34,
        file: { type: 'model', format: 'safetensor', size: 'pruned', fp: 'fp16' },
      },
    ],
    ['https://civitai.red/models/12', { site: 'civitai', model: 12, version: null, file: {} }],
    ['urn:air:sdxl:checkpoint:civitai:12@34', { site: 'civitai', model: 12, version: 34, file: {} }],
  ]
  for (const [text, named] of links) expect(readLink(text, sites), text).toEqual(named)
  const others = [
    '',
    'word',
    'ftp://huggingface.co/org/a',
    'https://huggingface.co/spaces/org/a',
    '../../etc/passwd',
    'https://civitai.com/images/1',
    'https://civitai.com.evil.com/models/1',
  ]
  for (const text of others) expect(() => readLink(text, sites), text).toThrow(/Paste the address/)
  // For a window it is coded, with what stands in it.
  const says = [{ code: 'linkNoModel', values: { site: 'Civitai' } }]
  expect(() => readLink('https://civitai.com/images/1', sites)).toThrow(expect.objectContaining({ says }))
})

test('only https on the hosts of the two sites is asked', () => {
  const allowed = [
    'https://huggingface.co/x',
    'https://cdn-lfs-us-1.hf.co/x',
    'https://cas-bridge.xethub.hf.co/x',
    'https://us.aws.cdn.hf.co/x',
    'https://civitai.com/x',
    'https://b2.civitai.com/x',
    `https://civitai-delivery-worker-prod.${'5ac0637c'.repeat(4)}.r2.cloudflarestorage.com/x`,
  ]
  const refused = [
    'http://huggingface.co/x',
    'https://huggingface.co:8443/x',
    'https://user:pass@huggingface.co/x',
    'https://huggingface.co.evil.com/x',
    'https://evilhf.co/x',
    `https://other.${'5ac0637c'.repeat(4)}.r2.cloudflarestorage.com/x`,
    'http://127.0.0.1:80/x',
    'https://127.0.0.1/x',
    'file:///etc/passwd',
  ]
  for (const url of allowed) expect(isAllowed(new URL(url), sites), url).toBe(true)
  for (const url of refused) expect(isAllowed(new URL(url), sites), url).toBe(false)
  const warnings: string[] = []
  const withMirror = (HF_ENDPOINT: string) =>
    publicSites({ HF_ENDPOINT }, (...says) => warnings.push(inEnglish(says)))
  expect(isAllowed(new URL('https://hf-mirror.com/x'), withMirror('https://hf-mirror.com/'))).toBe(true)
  expect(withMirror('http://hf-mirror.com')).toEqual(sites)
  expect(warnings).toEqual([expect.stringContaining('HF_ENDPOINT is left alone')])
})

test('what is there and what is missing make up the file, whatever comes in whatever order', () => {
  const size = 500
  const range = fc
    .tuple(fc.nat(size), fc.nat(size))
    .map(([one, other]): Range => [Math.min(one, other), Math.max(one, other)])
    .filter(([from, to]) => from < to)
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), fc.integer({ min: 1, max: 700 }), (ranges, largest) => {
      const there = new Set(
        ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at)),
      )
      const done = ranges.reduce<Range[]>(withRange, [])
      expect(sizeOf(done)).toBe(there.size)
      const pieces = missingPieces(done, size, largest)
      for (const [from, to] of pieces) expect(to - from).toBeLessThanOrEqual(largest)
      expect(pieces.reduce<Range[]>(withRange, done)).toEqual([[0, size]])
      expect(sizeOf(pieces)).toBe(size - there.size)
    }),
  )
})

const weights = (...paths: string[]) => paths.map((path) => ({ path, size: 10 }))
const part = ['diffusers', 'Some']

test('shards come with their list, and only those of the chosen precision', () => {
  const files = weights(
    'model_index.json',
    'unet/config.json',
    'unet/diffusion_pytorch_model.safetensors.index.json',
    'unet/diffusion_pytorch_model-00001-of-00002.safetensors',
    'unet/diffusion_pytorch_model-00002-of-00002.safetensors',
    'unet/diffusion_pytorch_model.safetensors.index.fp16.json',
    'unet/diffusion_pytorch_model.fp16-00001-of-00002.safetensors',
    'unet/diffusion_pytorch_model.fp16-00002-of-00002.safetensors',
  )
  const choice = chooseFiles(files, { unet: part })
  expect(choice.kind === 'folder' && choice.files.map(({ path }) => path)).toEqual([
    'model_index.json',
    'unet/config.json',
    'unet/diffusion_pytorch_model.safetensors.index.fp16.json',
    'unet/diffusion_pytorch_model.fp16-00001-of-00002.safetensors',
    'unet/diffusion_pytorch_model.fp16-00002-of-00002.safetensors',
  ])
})

test('of an ONNX export come the graphs and their data, no other weights', () => {
  const files = weights(
    'model_index.json',
    'unet/model.onnx',
    'unet/model.onnx_data',
    'unet/openvino.bin',
    'vae_decoder/model.onnx',
  )
  const choice = chooseFiles(files, { unet: part, vae_decoder: part })
  expect(choice.kind === 'folder' && choice.files.map(({ path }) => path)).toEqual([
    'model_index.json',
    'unet/model.onnx',
    'unet/model.onnx_data',
    'vae_decoder/model.onnx',
  ])
})

test('a part that is there as a pickle only is refused before anything is fetched', () => {
  const files = weights('model_index.json', 'unet/config.json', 'unet/diffusion_pytorch_model.bin')
  expect(() => chooseFiles(files, { unet: part })).toThrow('pickle')
})

test('names of files cannot lead elsewhere', () => {
  const names: [string, string][] = [
    ['../../a.safetensors', '_.._a.safetensors'],
    ['.hidden', 'hidden'],
    ['a:b*c?.safetensors', 'a_b_c_.safetensors'],
    ['con', '_con'],
    ['..', 'model'],
    ['a\u0000b', 'a_b'],
  ]
  for (const [name, safe] of names) expect(safeName(name)).toBe(safe)
})

test('speed counts what came, not what was there', () => {
  const rate = openRate()
  rate.reached(1_000_000, 0)
  expect(rate.perSecond(0)).toBeNull()
  rate.reached(1_500_000, 1000)
  rate.reached(2_000_000, 2000)
  expect(rate.perSecond(2000)).toBe(500_000)
  rate.reached(100, 2500)
  expect(rate.perSecond(2500)).toBeNull()
})

test('a token that is given counts before the environment, and is kept where there is a keeper', async () => {
  const kept = new Map<string, string | null>()
  const keeper = {
    isAvailable: async () => true,
    read: async (name: string) => kept.get(name) ?? null,
    write: async (name: string, secret: string | null) => void kept.set(name, secret),
  }
  const tokens = openTokens(keeper, { HF_TOKEN: 'fromOutside' })
  expect(await tokens.get('huggingface')).toBe('fromOutside')
  await tokens.set('huggingface', ' given ')
  expect(kept.get('huggingface')).toBe('given')
  expect(await tokens.get('huggingface')).toBe('given')
  expect(await tokens.describe()).toEqual({
    places: { huggingface: 'keychain', civitai: null },
    areKept: true,
  })
  await tokens.set('huggingface', null)
  expect(await tokens.describe()).toMatchObject({ places: { huggingface: 'environment' } })
})
