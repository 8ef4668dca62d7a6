import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clipTextConfig, unetConfig, vaeConfig, type ConfigFile } from '../../src/engine/graph/configs.ts'
import type { Dialect } from '../../src/engine/graph/graph.ts'
import { builtNetworks, type Parts } from '../../src/engine/model/builtNetworks.ts'
import { readConfig, readWeights } from '../../src/engine/model/component.ts'
import type { Networks } from '../../src/engine/model/networks.ts'
import type { RealDevice } from '../../src/engine/model/session.ts'
import { readSafetensors } from '../../src/engine/model/safetensors.ts'
import { splitCheckpoint } from '../../src/engine/model/singleFile.ts'
import { newTallies } from '../../src/engine/model/tallies.ts'
import { joinTensors, type Tensors } from '../../src/engine/model/weights.ts'
import { floats, largestDifference } from './numbers.ts'

/** Kind F: tiny networks with random weights, against the outputs of the reference classes. */

export interface NetworkCase {
  name: string
  /** Largest absolute difference of any number of the output. */
  difference: number
}

export interface Where {
  device: RealDevice
  dialect: Dialect
}

const onCpu: Where = { device: 'cpu', dialect: { attention: 'fused', precision: 'float32' } }

/** Runs every network below a folder of the form of F_networks, in every precision that lies there. */
export async function* networkCases(folder: string, where = onCpu): AsyncGenerator<NetworkCase> {
  for (const family of (await readdir(folder)).sort())
    for (const [part, compare] of Object.entries(comparisons)) {
      const reference = join(folder, family, `${part}_reference.json`)
      if (!existsSync(reference)) continue
      const expected = JSON.parse(await readFile(reference, 'utf8')) as Reference
      const component = join(folder, family, part)
      const config = await readConfig(component)
      for (const file of (await readdir(component)).filter((name) => name.endsWith('.safetensors')).sort()) {
        const variant = /\.(fp16|bf16)\./.exec(file)?.[1]
        const tensors = joinTensors(await readWeights(component, variant))
        for await (const [output, difference] of compare(config, tensors, expected, where))
          yield { name: `${family} ${part} diffusers ${variant ?? 'fp32'} ${output}`, difference }
      }
    }
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort())
    yield* singleFileCases(folder, file.split('_')[0]!, file, where)
}

/** Networks of a single file, compared as their diffusers twins in `folder` are. */
async function* singleFileCases(
  folder: string,
  family: string,
  file: string,
  where: Where,
): AsyncGenerator<NetworkCase> {
  const read = await readSafetensors(join(folder, file))
  const { parts } = splitCheckpoint(read, false)
  for (const [part, tensors] of Object.entries(parts)) {
    if (tensors.keys.length === 0) continue
    const twin = twinOf(folder, family, part, read.tensors.has('cond_stage_model.model.positional_embedding'))
    const expected = JSON.parse(await readFile(`${twin}_reference.json`, 'utf8')) as Reference
    for await (const [output, difference] of comparisons[part]!(
      await readConfig(twin),
      tensors,
      expected,
      where,
    ))
      yield { name: `${family} ${part} single-file ${output}`, difference }
  }
}

/** Families share text encoders: OpenAI's lies with SD 1, OpenCLIP's with SDXL. */
function twinOf(folder: string, family: string, part: string, isOpenClip: boolean): string {
  if (part === 'text_encoder_2' || (part === 'text_encoder' && isOpenClip))
    return join(folder, 'sdxl', 'text_encoder_2')
  return join(folder, part === 'text_encoder' ? 'sd15' : family, part)
}

/** The fields of the reference files that are read here. */
interface Reference {
  cases: readonly TextCase[] & readonly UnetCase[]
  x_shapes: number[][]
  x_base64: string[]
  context_shapes: number[][]
  context_base64: string[]
  added?: { text_embeds_base64: string; time_ids: number[][] }
  image_shape: number[]
  image_base64: string
  moments_base64: string
  z_shape: number[]
  z_base64: string
  decoded_base64: string
}

interface TextCase {
  name: string
  input_ids: number[]
  last_hidden_state_base64: string
  penultimate_hidden_state_base64: string
  pooler_output?: number[]
  text_embeds?: number[]
}

interface UnetCase {
  x: number
  context: number
  timestep: number
  out_base64: string
}

type Comparison = (
  config: ConfigFile,
  tensors: Tensors,
  expected: Reference,
  where: Where,
) => AsyncGenerator<[output: string, difference: number]>

const comparisons: Record<string, Comparison> = {
  text_encoder: compareText,
  text_encoder_2: compareText,
  unet: compareUnet,
  vae: compareVae,
}

/** Only the parts that a comparison opens. */
const networksOf = (parts: Partial<Parts>, where: Where): Networks =>
  builtNetworks({ textEncoders: [], vae: null, ...parts } as Parts, { ...where, tallies: newTallies() })

async function* compareText(
  config: ConfigFile,
  tensors: Tensors,
  { cases }: Reference,
  where: Where,
): AsyncGenerator<[string, number]> {
  const part = { config: clipTextConfig(config), tensors, pooled: true }
  const last = networksOf({ textEncoders: [{ ...part, normalised: true }] }, where)
  const raw = networksOf({ textEncoders: [{ ...part, normalised: false, pooled: false }] }, where)
  const [lastLayer, penultimate] = [await last.openTextEncoder(0, 1), await raw.openTextEncoder(0, 2)]
  for (const one of cases) {
    const { hidden, pooled } = await lastLayer.encode(one.input_ids)
    const before = await penultimate.encode(one.input_ids)
    yield [`${one.name} last hidden state`, largestDifference(hidden, floats(one.last_hidden_state_base64))]
    yield [
      `${one.name} penultimate hidden state`,
      largestDifference(before.hidden, floats(one.penultimate_hidden_state_base64)),
    ]
    yield [`${one.name} pooled`, largestDifference(pooled!, (one.text_embeds ?? one.pooler_output)!)]
  }
  await lastLayer.release()
  await penultimate.release()
}

async function* compareUnet(
  config: ConfigFile,
  tensors: Tensors,
  expected: Reference,
  where: Where,
): AsyncGenerator<[string, number]> {
  const networks = networksOf({ unet: { config: unetConfig(config), tensors } }, where)
  const added = expected.added && {
    pooled: floats(expected.added.text_embeds_base64),
    timeIds: Float32Array.from(expected.added.time_ids[0]!),
  }
  for (const { x, context, timestep, out_base64: out } of expected.cases) {
    const [, , height, width] = expected.x_shapes[x] as [number, number, number, number]
    const network = await networks.openUnet(height, width, expected.context_shapes[context]![1]!)
    const input = floats(expected.x_base64[x]!)
    const prediction = await network.run(
      input,
      timestep,
      floats(expected.context_base64[context]!),
      added ?? {},
    )
    await network.release()
    yield [`x ${x} context ${context} timestep ${timestep}`, largestDifference(prediction, floats(out))]
  }
}

async function* compareVae(
  config: ConfigFile,
  tensors: Tensors,
  expected: Reference,
  where: Where,
): AsyncGenerator<[string, number]> {
  const networks = networksOf({ vae: { config: vaeConfig(config), tensors } }, where)
  const encoder = await networks.openVaeEncoder!(expected.image_shape[2]!, expected.image_shape[3]!)
  const moments = await encoder.run(floats(expected.image_base64))
  yield ['encode', largestDifference(moments, floats(expected.moments_base64))]
  const decoder = await networks.openVaeDecoder!(expected.z_shape[2]!, expected.z_shape[3]!)
  const decoded = await decoder.run(floats(expected.z_base64))
  yield ['decode', largestDifference(decoded, floats(expected.decoded_base64))]
  await encoder.release()
  await decoder.release()
}
