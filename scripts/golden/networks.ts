import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { autoencoderConfig } from '../../src/engine/graph/vae/vaeConfig.ts'
import { clipTextConfig } from '../../src/engine/graph/clip/clipTextConfig.ts'
import { unetConfig } from '../../src/engine/graph/unet/unetConfig.ts'
import type { ConfigFile } from '../../src/engine/graph/config/configFile.ts'
import { inferUnetConfig } from '../../src/engine/graph/config/inferConfig.ts'
import { builtNetworks, type Parts } from '../../src/engine/model/networks/builtNetworks.ts'
import { readConfig, readWeights } from '../../src/engine/model/sources/component.ts'
import { cpuDialect, type Networks } from '../../src/engine/model/networks/networks.ts'
import { readSafetensors } from '../../src/engine/model/files/safetensors.ts'
import { splitCheckpoint } from '../../src/engine/model/sources/singleFile.ts'
import { newTallies } from '../../src/engine/model/runtime/tallies.ts'
import { joinTensors, type Tensors } from '../../src/engine/model/files/weights.ts'
import { headerKind, type CaseResult, type GoldenFile, type GoldenKind } from './kind.ts'
import { floats, largestDifference } from './numbers.ts'

/**
 * Kind F: tiny networks with random weights, against the outputs of the reference classes; one case a network, layout
 * and precision.
 */
export const networks: GoldenKind = {
  recognises: (file) => headerKind(file).startsWith('F '),
  async *run(file) {
    const part = basename(file.path).replace('_reference.json', '')
    const component = join(file.folder, part)
    const family = basename(file.folder)
    const config = await readConfig(component)
    for (const name of (await readdir(component)).filter((other) => other.endsWith('.safetensors')).sort()) {
      const variant = /\.(fp16|bf16)\./.exec(name)?.[1]
      const tensors = joinTensors(await readWeights(component, variant))
      yield await networkCase(`${family} ${part} diffusers ${variant ?? 'fp32'}`, config, tensors, file)
    }
    for (const { name, tensors } of await singleFileTwins(file.folder, part))
      yield await networkCase(`${family} ${part} in ${name}`, config, tensors, file)
  },
}

const tolerance = 1e-4

async function networkCase(
  name: string,
  config: ConfigFile,
  tensors: Tensors,
  file: GoldenFile,
): Promise<CaseResult> {
  const compared: [output: string, difference: number][] = []
  const comparison = comparisons[basename(file.path).replace('_reference.json', '')]
  for await (const one of comparison(config, tensors, file.json as Reference)) compared.push(one)
  const [output, maxAbs] = compared.reduce((worst, one) => (one[1] > worst[1] ? one : worst))
  const note = `${compared.length} outputs, worst: ${output}`
  return {
    name: `F ${name}`,
    kind: 'F',
    pass: maxAbs <= tolerance,
    maxAbs,
    maxRel: 0,
    tolerance: `${tolerance} absolute`,
    note,
  }
}

/**
 * The same network in the single files that lie beside the families' folders. Families share text encoders: OpenAI's
 * lies with SD 1, OpenCLIP's with SDXL.
 */
async function singleFileTwins(folder: string, part: string): Promise<{ name: string; tensors: Tensors }[]> {
  const root = dirname(folder)
  const twins = []
  for (const name of (await readdir(root)).filter((file) => file.endsWith('.safetensors')).sort()) {
    const { parts } = splitCheckpoint(await readSafetensors(join(root, name)), false)
    const openClip = existsSync(join(folder, 'text_encoder_2')) && part === 'text_encoder_2'
    const isOpenClip = parts.text_encoder.source('text_projection.weight') !== undefined
    const twin =
      part === 'text_encoder'
        ? !isOpenClip && parts.text_encoder
        : openClip
          ? isOpenClip
            ? parts.text_encoder
            : parts.text_encoder_2
          : name.startsWith(`${basename(folder)}_`) && parts[part as 'unet' | 'vae']
    if (twin && twin.keys.length > 0) twins.push({ name, tensors: twin })
  }
  return twins
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
) => AsyncGenerator<[output: string, difference: number]>

const comparisons: Record<string, Comparison> = {
  text_encoder: compareText,
  text_encoder_2: compareText,
  unet: compareUnet,
  vae: compareVae,
}

/** Only the parts that a comparison opens; the U-Net of the others has no levels. */
function networksOf(parts: Partial<Parts>): Networks {
  const unet = { config: inferUnetConfig(() => undefined, 0) } as Parts['unet']
  return builtNetworks(
    { textEncoders: [], vae: null, unet, ...parts },
    { device: 'cpu', dialect: cpuDialect, tallies: newTallies() },
  )
}

async function* compareText(
  config: ConfigFile,
  tensors: Tensors,
  { cases }: Reference,
): AsyncGenerator<[string, number]> {
  const part = { config: clipTextConfig(config), tensors, pooled: true }
  const last = networksOf({ textEncoders: [{ ...part, normalised: true }] })
  const raw = networksOf({ textEncoders: [{ ...part, normalised: false, pooled: false }] })
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
): AsyncGenerator<[string, number]> {
  const opened = networksOf({ unet: { config: unetConfig(config), tensors } })
  const added = expected.added && {
    pooled: floats(expected.added.text_embeds_base64),
    timeIds: Float32Array.from(expected.added.time_ids[0]),
  }
  for (const { x, context, timestep, out_base64: out } of expected.cases) {
    const [, , height, width] = expected.x_shapes[x] as [number, number, number, number]
    const network = await opened.openUnet({
      height,
      width,
      contextTokens: expected.context_shapes[context][1],
    })
    const input = floats(expected.x_base64[x])
    const prediction = await network.run(
      input,
      timestep,
      floats(expected.context_base64[context]),
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
): AsyncGenerator<[string, number]> {
  const opened = networksOf({ vae: { config: autoencoderConfig(config), tensors } })
  const encoder = await opened.openVaeEncoder!(expected.image_shape[2], expected.image_shape[3])
  const moments = await encoder.run(floats(expected.image_base64))
  yield ['encode', largestDifference(moments, floats(expected.moments_base64))]
  const decoder = await opened.openVaeDecoder!(expected.z_shape[2], expected.z_shape[3])
  const decoded = await decoder.run(floats(expected.z_base64))
  yield ['decode', largestDifference(decoded, floats(expected.decoded_base64))]
  await encoder.release()
  await decoder.release()
}
