import { basename, join } from 'node:path'
import { autoencoderConfig } from '../../src/engine/graph/vae/vaeConfig.ts'
import { zImageConfig } from '../../src/engine/graph/dit/zImageConfig.ts'
import { qwen3Config } from '../../src/engine/graph/qwen3/qwen3Config.ts'
import { readConfig, readTensors } from '../../src/engine/model/sources/component.ts'
import type { Model } from '../../src/engine/model/model.ts'
import { cpuDialect, type Networks } from '../../src/engine/model/networks/networks.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import {
  zImageNetworks as networksOf,
  type ZImageParts,
} from '../../src/engine/model/zImage/zImageNetworks.ts'
import { paint } from '../../src/engine/pipeline.ts'
import { empiricalMu, evenlyShifted, flowShift, shiftOf } from '../../src/engine/plan/flow/timeShift.ts'
import { chatMessage } from '../../src/engine/text/chatText.ts'
import { openChatTokenizer } from '../../src/engine/text/chatTokenizer.ts'
import { openTokenizers } from '../../src/engine/text/textEmbeddings.ts'
import type { Pixels } from '../../src/shared/engineContract.ts'
import { generationRequestSchema } from '../../src/shared/request.ts'
import {
  compare,
  eachCase,
  headerKind,
  worst,
  type CaseResult,
  type DeclinedCase,
  type GoldenFile,
  type GoldenKind,
} from './kind.ts'
import { floats, largestDifference } from './numbers.ts'
import { readPixels } from './pipelines.ts'

/** Z-Image, held against the tiny networks and the whole runs of diffusers. */

interface Held {
  what: string
  found: number
  allowed: number
}

function held(kind: string, name: string, parts: readonly Held[]): CaseResult {
  const one = parts.reduce((a, b) => (b.found / b.allowed > a.found / a.allowed ? b : a))
  return {
    name,
    kind,
    pass: parts.every(({ found, allowed }) => found <= allowed),
    maxAbs: one.found,
    maxRel: 0,
    tolerance: `${one.allowed.toPrecision(3)} absolute`,
    note: `${parts.length} compared, nearest to its bound: ${one.what}`,
  }
}

const numbers = ({ base64 }: { base64: string }): Float32Array => floats(base64)

/** Files of these names belong to Z-Image, those of the others to a model that is not run here. */
const isZImageFile = ({ path }: GoldenFile): boolean => /^zimage[_.]/.test(basename(path))

export const flowSchedules: GoldenKind = {
  recognises: (file) => headerKind(file) === 'formula checks at full-size dimensions',
  *run({ json }) {
    const agrees = (name: string, found: Float64Array, expected: number[]): CaseResult => {
      const difference = compare(found, expected, { rel: 2e-6 })
      return { ...difference, name, kind: 'flow schedule', tolerance: '2e-6 relative', note: '' }
    }
    for (const { shift, steps, sigmas } of json.zimage_static_shift)
      yield agrees(`shift ${shift}, ${steps} steps`, evenlyShifted(steps, shift), sigmas)
    const dynamic = flowShift({ use_dynamic_shifting: true })
    for (const { image_seq_len: tokens, steps, mu, sigmas } of json.zimage_dynamic_shift) {
      const shift = shiftOf(dynamic, tokens)
      const name = `dynamic shift, ${tokens} tokens, ${steps} steps`
      const parts = [
        agrees(name, evenlyShifted(steps, shift), sigmas),
        compare([Math.log(shift)], [mu], { abs: 1e-9 }),
      ]
      yield { ...agrees(name, evenlyShifted(steps, shift), sigmas), ...worst(parts) }
    }
    for (const { image_seq_len: tokens, steps, mu, sigmas } of json.klein) {
      const found = empiricalMu(tokens, steps)
      const name = `empirical mu, ${tokens} tokens, ${steps} steps`
      const run = agrees(name, evenlyShifted(steps, Math.exp(found)), sigmas)
      yield { ...run, ...worst([run, compare([found], [mu], { abs: 1e-9 })]) }
    }
  },
}

const networkKinds: Record<string, (file: GoldenFile) => AsyncIterable<CaseResult | DeclinedCase>> = {
  'network reference: tokenizer': tokenizerCases,
  'network reference: Z-Image text encoder (Qwen3)': textCases,
  'network reference: FLUX.2-klein text encoder (Qwen3)': declinedFile,
  'network reference: ZImageTransformer2DModel': transformerCases,
  'network reference: VAE of zimage': vaeCases,
}

export const zImageNetworks: GoldenKind = {
  recognises: (file) => Object.hasOwn(networkKinds, headerKind(file)),
  run: (file) => networkKinds[headerKind(file)](file),
}

/** What belongs to models, and to forms of files, that this version does not open. */
export const notRunYet: GoldenKind = {
  recognises: (file) =>
    (headerKind(file) === 'complete pipeline runs' && /^flux2klein_/.test(basename(file.path))) ||
    /^network reference: (Flux2Transformer2DModel|VAE of flux2klein)/.test(headerKind(file)) ||
    /single-file layout/.test(headerKind(file)) ||
    /^checkpoint key lists: (qwen3|zimage|vae_flux|flux2)/.test(headerKind(file)),
  run: (file) => declinedFile(file),
}

async function* declinedFile(file: GoldenFile): AsyncGenerator<DeclinedCase> {
  yield { name: basename(file.path), reason: `not opened by this version: ${headerKind(file)}` }
}

async function* tokenizerCases({ folder, json }: GoldenFile) {
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
  for (const { prompt, ids_thinking_on: ids } of json.chat)
    yield exact(`message ${JSON.stringify(prompt)}`, tokenizer.encode(chatMessage(prompt as string)), ids)
}

/** The networks of the parts given; the others are not opened. */
const opened = (parts: Partial<ZImageParts>): Networks =>
  networksOf({ textEncoder: { tensors: { elements: 0 } }, ...parts } as ZImageParts, {
    device: 'cpu',
    dialect: cpuDialect,
    tallies: newTallies(),
  })

const part = async ({ folder, json }: GoldenFile) => {
  const place = join(folder, '..', json.folder as string)
  return { place, file: await readConfig(place), tensors: await readTensors(place) }
}

async function* textCases(file: GoldenFile) {
  const { file: config, tensors, place } = await part(file)
  const tokenizer = await openChatTokenizer(join(place, '..', 'tokenizer'))
  const network = await opened({ textEncoder: { config: qwen3Config(config), tensors } }).openTextEncoder(
    0,
    2,
  )
  const most = file.json.max_sequence_length as number
  for (const { prompt, input_ids, context } of file.json.cases) {
    const ids = tokenizer.encode(chatMessage(prompt as string)).slice(0, most)
    const { hidden } = await network.encode(ids)
    yield held('text encoder', JSON.stringify(prompt), [
      { what: 'ids', found: largestDifference(ids, input_ids as number[]), allowed: 1e-9 },
      { what: 'context', found: largestDifference(hidden, numbers(context)), allowed: 2e-4 },
    ])
  }
  await network.release()
}

async function* transformerCases(file: GoldenFile) {
  const { file: config, tensors } = await part(file)
  const networks = opened({ transformer: { config: zImageConfig(config), tensors } })
  for (const { description, x, t, context, out, fp64_maxdiff: rounding } of file.json.cases) {
    const parts: Held[] = []
    for (const [i, { shape, base64 }] of x.entries()) {
      const network = await networks.openUnet(shape[2] as number, shape[3] as number, 0)
      const timestep = 1000 * (1 - t[i])
      const velocity = await network.run(floats(base64 as string), timestep, numbers(context[i]), {})
      const expected = numbers(out[i]).map((value) => -value)
      parts.push({
        what: `item ${i}`,
        found: largestDifference(velocity, expected),
        allowed: 2e-4 + 10 * rounding,
      })
      await network.release()
    }
    yield held('transformer', description as string, parts)
  }
}

async function* vaeCases(file: GoldenFile) {
  const { file: config, tensors } = await part(file)
  const networks = opened({ vae: { config: autoencoderConfig(config), tensors } })
  for (const { image, mean, logvar, z, decoded } of file.json.cases) {
    const [count, , height, width] = image.shape as [number, number, number, number]
    const encoder = await networks.openVaeEncoder!(height, width)
    const decoder = await networks.openVaeDecoder!(z.shape[2] as number, z.shape[3] as number)
    const parts: Held[] = []
    for (let item = 0; item < count; item++) {
      const own = (all: { base64: string }): Float32Array => {
        const values = numbers(all)
        return values.slice((values.length / count) * item, (values.length / count) * (item + 1))
      }
      const moments = await encoder.run(own(image))
      const half = moments.length / 2
      const found = [moments.slice(0, half), moments.slice(half), await decoder.run(own(z))]
      const expected = [own(mean), own(logvar), own(decoded)]
      for (const [i, what] of ['mean', 'log variance', 'decoded'].entries())
        parts.push({ what, found: largestDifference(found[i], expected[i]), allowed: 3e-4 })
    }
    yield held('autoencoder', `${count} of ${height}x${width}`, parts)
    await encoder.release()
    await decoder.release()
  }
}

/** Complete runs: the same timesteps, first outputs, latents and picture. */
export const zImageRuns: GoldenKind = {
  recognises: (file) => headerKind(file) === 'complete pipeline runs' && isZImageFile(file),
  run: (file) =>
    eachCase(
      'pipelines',
      file.json.runs as any[],
      ({ name }) => name,
      (run) => wholeRun(file, run),
    ),
}

async function wholeRun({ folder }: GoldenFile, run: any): Promise<CaseResult | DeclinedCase> {
  const { args } = run
  const other = ['sigmas', 'cfg_truncation', 'cfg_normalization'].find((name) => args[name] !== undefined)
  if (other) return { name: run.name, reason: `${other} is an option that this version does not have` }
  const model = await openModel(join(folder, run.folder as string), 'cpu')
  const chat = { ...model.family.chat!, maxTokens: args.max_sequence_length ?? model.family.chat!.maxTokens }
  const under = { ...model, family: { ...model.family, chat }, schedulerConfig: run.scheduler.config }
  const seeds = Array.isArray(run.seed)
    ? run.seed.map((seed: number) => ({ seed, batchSize: 1, index: 0 }))
    : Array.from({ length: args.num_images_per_prompt ?? 1 }, (_, index) => ({
        seed: run.seed,
        batchSize: args.num_images_per_prompt ?? 1,
        index,
      }))
  const parts: Held[] = []
  for (const [image, drawn] of seeds.entries())
    parts.push(...(await oneImage(folder, run, under, { ...drawn, image, images: seeds.length })))
  await model.release()
  return held('pipelines', run.name as string, parts)
}

interface DrawnImage {
  seed: number
  batchSize: number
  index: number
  image: number
  images: number
}

async function oneImage(
  folder: string,
  run: any,
  model: Model,
  { image, images, ...drawn }: DrawnImage,
): Promise<Held[]> {
  const { args, tolerances } = run
  const trace = noting(model)
  const initImage = run.image ? await readPixels(join(folder, run.image as string)) : null
  const mask = run.mask_image ? await readPixels(join(folder, run.mask_image as string)) : null
  const request = generationRequestSchema.parse({
    prompt: Array.isArray(args.prompt) ? args.prompt[image] : args.prompt,
    negativePrompt: args.negative_prompt ?? '',
    sampler: 'Model default',
    schedule: 'Model default',
    seedConvention: 'diffusers',
    seed: drawn.seed,
    batchSize: drawn.batchSize,
    steps: args.num_inference_steps,
    // diffusers counts from no guidance on.
    guidanceScale: args.guidance_scale + 1,
    denoiseStrength: args.strength ?? 1,
    initImage: initImage && { id: '0'.repeat(64) },
    mask: mask && { id: '0'.repeat(64) },
  })
  const size = { width: args.width ?? initImage!.width, height: args.height ?? initImage!.height }
  const subject = { request: { ...request, seed: drawn.seed, ...size }, index: drawn.index, initImage, mask }
  const pixels = await painted(trace.model, subject)
  const own = (all: Float32Array, count: number, at: number): Float32Array =>
    all.subarray((all.length / count) * at, (all.length / count) * (at + 1))
  const rows = run.first_call.x.shape[0] as number
  const calls = trace.calls.filter(({ timestep }) => timestep === trace.calls[0].timestep)
  // With guidance ours asks for what to keep away from first.
  const half = (call: number): number => (calls.length === 2 ? 1 - call : 0)
  const png = await readPixels(join(folder, run.png[image] as string))
  const parts: Held[] = [
    { what: 'timesteps', found: timesOff(trace.calls, run, calls.length), allowed: 1e-6 },
    ...calls.flatMap(({ input, output, context }, call): Held[] => {
      const row = half(call) * images + image
      const noise = run.image ? 3e-4 : 1e-5
      return [
        {
          what: 'first input',
          found: largestDifference(input, own(numbers(run.first_call.x), rows, row)),
          allowed: noise,
        },
        {
          what: 'context',
          found: largestDifference(context, numbers(run.first_call.context[row])),
          allowed: tolerances.first_call_context_abs,
        },
        {
          what: 'first output',
          found: largestDifference(
            output.map((value) => -value),
            own(numbers(run.first_call.out), rows, row),
          ),
          allowed: tolerances.first_call_out_abs,
        },
      ]
    }),
    {
      what: 'final latents',
      found: largestDifference(trace.latents!, own(numbers(run.final_latents), images, image)),
      allowed: tolerances.latents_abs,
    },
    { what: 'PNG', found: largestDifference(pixels.data, png.data), allowed: 2 },
    {
      what: 'PNG values off by 2',
      found: pixels.data.filter((value, i) => Math.abs(value - png.data[i]) > 1).length,
      allowed: 3,
    },
  ]
  if (run.image_base64)
    parts.push({
      what: 'image',
      found: largestDifference(
        interleaved(trace.planes!),
        own(floats(run.image_base64 as string), images, image),
      ),
      allowed: tolerances.image_abs,
    })
  return parts
}

const timesOff = (calls: readonly Call[], run: any, perStep: number): number =>
  largestDifference(
    calls.filter((_, i) => i % perStep === 0).map(({ timestep }) => (1000 - timestep) / 1000),
    run.model_timesteps as number[],
  )

interface Call {
  input: Float32Array
  timestep: number
  context: Float32Array
  output: Float32Array
}

/** The model, with what its networks are asked and answer noted down. */
function noting(model: Model) {
  const trace = {
    calls: [] as Call[],
    latents: null as Float32Array | null,
    planes: null as Float32Array | null,
    model: model,
  }
  trace.model = {
    ...model,
    async openUnet(...size) {
      const network = await model.openUnet(...size)
      return {
        async run(input, timestep, context, added) {
          const output = await network.run(input, timestep, context, added)
          trace.calls.push({ input: input.slice(), timestep, context: context!, output })
          return output
        },
      }
    },
    async decode(latents) {
      trace.latents = latents.data.slice()
      return (trace.planes = await model.decode(latents))
    },
  }
  return trace
}

async function painted(model: Model, subject: Parameters<typeof paint>[2]): Promise<Pixels> {
  const painting = paint(model, await openTokenizers(model), subject, () => {})
  for (;;) {
    const { value, done } = await painting.next()
    if (done) return value.pixels
  }
}

/** Planes in -1..1 as pixels in 0..1, colour after colour. */
const interleaved = (planes: Float32Array): Float32Array => {
  const area = planes.length / 3
  return Float32Array.from(planes, (_, i) =>
    Math.min(1, Math.max(0, planes[(i % 3) * area + Math.floor(i / 3)] / 2 + 0.5)),
  )
}
