import { basename, join } from 'node:path'
import { autoencoderConfig, type VaeConfig } from '../../src/engine/graph/vae/vaeConfig.ts'
import { qwen3Config } from '../../src/engine/graph/qwen3/qwen3Config.ts'
import type { Latents } from '../../src/engine/latents.ts'
import { ditKinds, type DitKind } from '../../src/engine/model/dit/ditKinds.ts'
import { textNetwork } from '../../src/engine/model/dit/ditNetworks.ts'
import { pictureNetworks } from '../../src/engine/model/networks/builtNetworks.ts'
import { cpuDialect, type Target, type UnetNetwork } from '../../src/engine/model/networks/networks.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { readConfig, readTensors } from '../../src/engine/model/sources/component.ts'
import { chatMessage } from '../../src/engine/text/chatText.ts'
import { openChatTokenizer } from '../../src/engine/text/chatTokenizer.ts'
import { held, numbers, type Held } from './held.ts'
import { compare, headerKind, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats, largestDifference } from './numbers.ts'

/** Tokenizers, text encoders, transformers and autoencoders of the newer families, held against diffusers' networks. */

const networkKinds: readonly [RegExp, (file: GoldenFile) => AsyncIterable<CaseResult>][] = [
  [/^network reference: tokenizer/, tokenizerCases],
  [/^network reference: .* text encoder \(Qwen3\)/, textCases],
  [/^network reference: \w+Transformer2DModel/, transformerCases],
  [/^network reference: VAE of /, vaeCases],
]

export const ditNetworks: GoldenKind = {
  recognises: (file) => networkKinds.some(([sign]) => sign.test(headerKind(file))),
  run: (file) => networkKinds.find(([sign]) => sign.test(headerKind(file)))![1](file),
}

/** The family that a file of this name belongs to ("flux2klein_vae.json"). */
export const kindOfFile = ({ path }: Pick<GoldenFile, 'path'>): DitKind | undefined =>
  ditKinds.find(({ family }) => basename(path).startsWith(family.name.replaceAll('-', '')))

export const target: Target = { device: 'cpu', dialect: cpuDialect, tallies: newTallies() }

async function* tokenizerCases({ path, folder, json }: GoldenFile) {
  const tokenizer = await openChatTokenizer(join(folder, '..', json.folder as string))
  const exact = (name: string, found: number[], expected: number[]): CaseResult => ({
    ...compare(found, expected, {}),
    name,
    kind: 'tokenizer',
    tolerance: 'exact',
    note: '',
  })
  for (const { text, ids, decoded } of json.cases) {
    const one = exact(JSON.stringify(text), tokenizer.encode(text as string), ids)
    yield { ...one, pass: one.pass && tokenizer.decode(ids as number[]) === decoded }
  }
  const chat = kindOfFile({ path })!.family.chat!
  const expected = chat.answer ? 'ids_thinking_off' : 'ids_thinking_on'
  for (const { prompt, [expected]: ids } of json.chat)
    yield exact(
      `message ${JSON.stringify(prompt)}`,
      tokenizer.encode(chatMessage(prompt as string, chat)),
      ids,
    )
}

const part = async ({ folder, json }: GoldenFile) => {
  const place = join(folder, '..', json.folder as string)
  return { place, file: await readConfig(place), tensors: await readTensors(place) }
}

async function* textCases(file: GoldenFile) {
  const { file: config, tensors, place } = await part(file)
  const chat = kindOfFile(file)!.family.chat!
  const tokenizer = await openChatTokenizer(join(place, '..', 'tokenizer'))
  const network = textNetwork({ config: qwen3Config(config), tensors }, chat, target)
  const most = file.json.max_sequence_length as number
  for (const { prompt, input_ids, context } of file.json.cases) {
    const ids = tokenizer.encode(chatMessage(prompt as string, chat)).slice(0, most)
    const filling = chat.fillsUp ? Array<number>(most - ids.length).fill(tokenizer.pad) : []
    const { hidden } = await network.encode([...ids, ...filling], [], undefined, ids.length)
    yield held('text encoder', JSON.stringify(prompt), [
      { what: 'ids', found: largestDifference(ids, input_ids as number[]), allowed: 1e-9 },
      { what: 'context', found: largestDifference(hidden, numbers(context)), allowed: 2e-4 },
    ])
  }
  await network.release()
}

async function* transformerCases(file: GoldenFile) {
  const { file: config, tensors } = await part(file)
  const { transformer } = kindOfFile(file)!
  const opened = transformer(config, tensors)
  for (const golden of file.json.cases) {
    const parts: Held[] = []
    for (let item = 0; item < golden.t.length; item++) {
      const { size, run, expected } = askedItem(golden, item)
      const network = opened.open(size, target)
      parts.push({
        what: `item ${item}`,
        found: largestDifference(await run(network), expected),
        allowed: 2e-4 + 10 * golden.fp64_maxdiff,
      })
      await network.release()
    }
    yield held('transformer', golden.description as string, parts)
  }
}

/** What the network is asked in one item of a case, and what it should answer. */
export interface AskedItem {
  size: { height: number; width: number }
  run: (network: UnetNetwork) => Promise<Float32Array>
  expected: Float32Array
}

/** Z-Image's items are pictures of latents, and its time and answer have another sign; FLUX.2's are tokens with their places. */
export function askedItem(golden: any, item: number, out: any = golden.out): AskedItem {
  if (Array.isArray(golden.x)) {
    const { shape, base64 } = golden.x[item]
    const ask = [
      floats(base64 as string),
      1000 * (1 - golden.t[item]),
      numbers(golden.context[item]),
      {},
    ] as const
    return {
      size: { height: shape[2], width: shape[3] },
      run: (network) => network.run(...ask),
      expected: numbers(Array.isArray(out) ? out[item] : out).map((value) => -value),
    }
  }
  const [, tokens, channels] = golden.x.shape as [number, number, number]
  const own = (all: { base64: string }): Float32Array => itemOf(numbers(all), golden.t.length as number, item)
  const x = own(golden.x)
  const grids = gridsOf(golden.img_ids as number[][])
  const [picture, ...references] = grids.map((grid) => latentsOf(x, channels, grid))
  const area = picture.height * picture.width
  const context = own(golden.context)
  return {
    size: picture,
    run: (network) => network.run(picture.data, 1000 * golden.t[item], context, { references }),
    expected: latentsOf(own(out).subarray(0, (own(out).length / tokens) * area), channels, {
      ...grids[0],
      from: 0,
    }).data,
  }
}

interface Grid {
  from: number
  height: number
  width: number
}

/** The pictures that tokens belong to, by their places (picture, row, column, word). */
function gridsOf(ids: readonly number[][]): Grid[] {
  const pictures = [...new Set(ids.map(([time]) => time))]
  return pictures.map((picture) => {
    const own = ids.filter(([time]) => time === picture)
    const side = (axis: number): number => Math.max(...own.map((id) => id[axis])) + 1
    return { from: ids.findIndex(([time]) => time === picture), height: side(1), width: side(2) }
  })
}

/** Tokens [height · width, channels] of a picture as [channels, height, width]. */
export function latentsOf(tokens: Float32Array, channels: number, { from, height, width }: Grid): Latents {
  const area = height * width
  const data = Float32Array.from(
    { length: channels * area },
    (_, i) => tokens[(from + (i % area)) * channels + Math.floor(i / area)],
  )
  return { data, channels, height, width }
}

/** One item of a batch. */
export const itemOf = (all: Float32Array, count: number, item: number): Float32Array =>
  all.slice((all.length / count) * item, (all.length / count) * (item + 1))

async function* vaeCases(file: GoldenFile) {
  const { file: json, tensors } = await part(file)
  const config = autoencoderConfig(json) as VaeConfig
  const plain = pictureNetworks({ config: { ...config, patches: null }, tensors }, target)
  const whole = pictureNetworks({ config, tensors }, target)
  for (const { image, mean, logvar, z, decoded, normalised_patches: patches } of file.json.cases) {
    const [count, , height, width] = image.shape as [number, number, number, number]
    const encoder = await plain.openVaeEncoder!(height, width)
    const decoder = await plain.openVaeDecoder!(z.shape[2] as number, z.shape[3] as number)
    const parts: Held[] = []
    for (let item = 0; item < count; item++) {
      const own = (all: { base64: string }): Float32Array => itemOf(numbers(all), count, item)
      const moments = await encoder.run(own(image))
      const half = moments.length / 2
      const pairs = [
        ['mean', moments.slice(0, half), own(mean)],
        ['log variance', moments.slice(half), own(logvar)],
        ['decoded', await decoder.run(own(z)), own(decoded)],
      ] as [string, Float32Array, Float32Array][]
      if (patches) {
        const patched = await whole.openVaeEncoder!(height, width)
        pairs.push(['patches', await patched.run(own(image)), own(patches)])
        await patched.release()
      }
      for (const [what, found, expected] of pairs)
        parts.push({ what, found: largestDifference(found, expected), allowed: 3e-4 })
    }
    yield held('autoencoder', `${count} of ${height}x${width}`, parts)
    await encoder.release()
    await decoder.release()
  }
}
