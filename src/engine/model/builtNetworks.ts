import { StudioError } from '../../shared/errors.ts'
import { blockCount } from '../adapters/blocks.ts'
import { adaptation, strengthsInput, type NetworkAdapter } from '../graph/adapters/adaptation.ts'
import { clipText } from '../graph/clip/clipText.ts'
import type { ClipTextConfig } from '../graph/clip/clipTextConfig.ts'
import type { TinyVaeConfig, VaeConfig } from '../graph/vae/vaeConfig.ts'
import type { UnetConfig } from '../graph/unet/unetConfig.ts'
import { Graph } from '../graph/graph.ts'
import type { Dialect } from '../graph/value.ts'
import { tinyVaeDecoder, tinyVaeEncoder } from '../graph/vae/tinyVae.ts'
import { unet, unetHalves, type UnetSize } from '../graph/unet/unet.ts'
import { vaeDecoder, vaeEncoder } from '../graph/vae/vae.ts'
import type { InsertedVectors, Tally } from './model.ts'
import type { Architecture } from './modelFacts.ts'
import { convolutionBlock } from './convolutionBlock.ts'
import { cpuDialect, type Networks, type Target, type TextNetwork, type UnetNetwork } from './networks.ts'
import { openSession, type Input, type RealDevice, type Session } from './session.ts'
import { timesOf } from './tallies.ts'
import { controlInputs, noControl, unetInputs } from './unetInputs.ts'
import { openDecoder, openEncoder, type VaeOpening } from './vaeNetworks.ts'
import type { Tensors } from './weights.ts'

/** A network's numbers and its tensors under diffusers' names. */
export interface Part<Config> {
  config: Config
  tensors: Tensors
}

export interface TextPart extends Part<ClipTextConfig> {
  /** The final layer norm is part of the hidden state (SD 1 and 2), or is left out (SDXL). */
  normalised: boolean
  pooled: boolean
}

export interface Parts {
  textEncoders: readonly TextPart[]
  unet: Part<UnetConfig>
  vae: Part<VaeConfig | TinyVaeConfig> | null
}

/** The numbers of the parts, without their tensors. */
export const architectureOf = ({ textEncoders, unet, vae }: Parts): Architecture => ({
  textEncoders: textEncoders.map(({ config }) => config),
  unet: unet.config,
  vae: vae?.config ?? null,
})

/** Weights, in bytes of float32, from which on a U-Net is opened on the CPU in two halves. */
const heavyUnet = 2 ** 30

/** Bytes of its largest activation up to which a network keeps its memory: taking it anew is a quarter of a run. */
const keptActivation = 2 ** 25

/** For pictures: those of a common size, of a small network, are drawn one after the other. */
export const isLarge = (graph: Graph): boolean =>
  graph.operations().some(({ elements }) => 4 * elements > keptActivation)

export const isHalved = ({ tensors }: Part<UnetConfig>, device: RealDevice): boolean =>
  device === 'cpu' && 4 * tensors.elements > heavyUnet

/** A graph that speaks of tensors as they are called in their file, with adapters over it. */
export const graphOver = (
  { source, nameOf }: Tensors,
  dialect: Dialect,
  adapters: readonly NetworkAdapter[] = [],
): Graph => Graph.over(source, dialect, nameOf, adapters.length > 0 ? adaptation(adapters, blockCount) : null)

/** Networks written as ONNX graphs over the tensors as they lie on disk. */
export function builtNetworks(parts: Parts, { device, dialect, tallies }: Target): Networks {
  const open = (graph: Graph, tally: Tally): Promise<Session> =>
    openSession(graph.encode(), { device, folder: graph.folder, frugal: false, tally })
  const unetDialect: Dialect = parts.unet.config.upcastAttention
    ? { ...dialect, precision: 'float32' }
    : dialect
  return {
    precision: unetDialect.precision,
    textBytes: parts.textEncoders.reduce((sum, { tensors }) => sum + 4 * tensors.elements, 0),
    openTextEncoder: (encoder, skip, adapters) =>
      openText(parts.textEncoders[encoder], skip, adapters, tallies.textEncoder),
    async openUnet(height, width, contextTokens, contextVaries, adapters, control) {
      const { config, tensors } = parts.unet
      const size = { height, width, contextTokens, contextVaries, control }
      const graph = graphOver(tensors, unetDialect, adapters)
      if (!isHalved(parts.unet, device)) {
        unet(graph, config, size)
        return unetNetwork(await open(graph, tallies.unet), config, size, controlShapes(graph))
      }
      const upper = graphOver(tensors, unetDialect, adapters)
      const state = unetHalves(graph, upper, config, size)
      // The way up has more weights than the way down: it goes first, while there is more room.
      const second = await open(upper, tallies.unet)
      const first = await open(graph, timesOf(tallies.unet))
      return unetNetwork(oneAfterTheOther(first, second, state), config, size, controlShapes(graph))
    },
    ...pictureNetworks(parts.vae, { device, dialect, tallies }),
  }
}

/** An autoencoder's two networks; null where the U-Net works on pixels. */
export function pictureNetworks(
  vae: Parts['vae'],
  { device, dialect, tallies }: Target,
): Pick<Networks, 'openVaeDecoder' | 'openVaeEncoder'> {
  if (!vae) return { openVaeDecoder: null, openVaeEncoder: null }
  const { config, tensors } = vae
  const opening = (tally: Tally): VaeOpening => ({
    device,
    async open(write, frugal) {
      // Few weights and large pictures: reordering the weights once costs less than the pictures every time.
      const blocks = device === 'cpu' && config.kind === 'kl' ? await convolutionBlock() : undefined
      // SDXL's autoencoder overflows in half precision.
      const graph = graphOver(tensors, { ...dialect, precision: 'float32', blocks })
      write(graph)
      const givesBack = frugal && isLarge(graph)
      return openSession(graph.encode(), { device, folder: graph.folder, frugal: givesBack, tally })
    },
  })
  return {
    openVaeDecoder: (height, width) => openDecoder(config, { height, width }, opening(tallies.vaeDecoder)),
    openVaeEncoder: (height, width) => openEncoder(config, { height, width }, opening(tallies.vaeEncoder)),
  }
}

/** Writes every graph of a model at its smallest size, and answers what went wrong: each tensor is looked up once. */
export function writeAllGraphs({ textEncoders, unet: { config, tensors }, vae }: Parts): unknown[] {
  const over = (source: Tensors): Graph => graphOver(source, cpuDialect)
  const attempts = [
    ...textEncoders.map((part) => () => clipText(over(part.tensors), part.config, { ...part, skip: 1 })),
    () => unet(over(tensors), config, { height: 8, width: 8, contextTokens: 77 }),
    ...(vae ? [() => writeDecoder(over(vae.tensors), vae.config, 8, 8)] : []),
    ...(vae ? [() => writeEncoder(over(vae.tensors), vae.config, 64, 64)] : []),
  ]
  return attempts.flatMap((attempt) => {
    try {
      attempt()
      return []
    } catch (error) {
      return [error]
    }
  })
}

function writeDecoder(graph: Graph, config: VaeConfig | TinyVaeConfig, height: number, width: number): void {
  if (config.kind === 'tiny') tinyVaeDecoder(graph, config, height, width)
  else vaeDecoder(graph, config, height, width)
}

function writeEncoder(graph: Graph, config: VaeConfig | TinyVaeConfig, height: number, width: number): void {
  if (config.kind === 'tiny') tinyVaeEncoder(graph, config, height, width)
  else vaeEncoder(graph, config, height, width)
}

async function openText(
  part: TextPart,
  skip: number,
  adapters: readonly NetworkAdapter[] | undefined,
  tally: Tally,
): Promise<TextNetwork> {
  const { config, tensors, normalised, pooled } = part
  if (skip > config.layers)
    throw new StudioError(
      'bad-request',
      `Clip skip ${skip} is too large: the text encoder has ${config.layers} layers.`,
    )
  const graph = graphOver(tensors, cpuDialect, adapters)
  clipText(graph, config, { skip, normalised, pooled })
  const session = await openSession(graph.encode(), {
    device: 'cpu',
    folder: graph.folder,
    frugal: false,
    tally,
  })
  return {
    async encode(ids, inserted = [], strengths) {
      const inputs: Record<string, Input> = {
        tokens: { data: tokenWindow(ids, config), shape: [config.maxTokens] },
        ...insertedInputs(inserted, config),
        ...strengthsOf(strengths),
      }
      if (pooled) inputs['end'] = { data: Int32Array.of(endOfText(ids)), shape: [1] }
      const outputs = await session.run(inputs)
      return { hidden: outputs['hidden'], pooled: outputs['pooled'] ?? null, width: config.width }
    },
    release: () => session.release(),
  }
}

/** Vectors in place of tokens, as far as they stand in the window. */
function insertedInputs(
  inserted: readonly InsertedVectors[],
  { maxTokens, width }: ClipTextConfig,
): Record<string, Input> {
  const kept = new Float32Array(maxTokens).fill(1)
  const rows = new Float32Array(maxTokens * width)
  for (const { at, vectors } of inserted) {
    const count = Math.min(vectors.length / width, maxTokens - 1 - at)
    kept.fill(0, at, at + count)
    rows.set(vectors.subarray(0, count * width), at * width)
  }
  return {
    kept: { data: kept, shape: [maxTokens, 1] },
    vectors: { data: rows, shape: [maxTokens, width] },
  }
}

/** How strong each adapter is that is not merged. */
const strengthsOf = (strengths: Float32Array = new Float32Array()): Record<string, Input> => ({
  [strengthsInput]: { data: strengths, shape: [strengths.length / blockCount, blockCount] },
})

function tokenWindow(ids: readonly number[], { maxTokens, vocabSize }: ClipTextConfig): Int32Array {
  if (ids.length !== maxTokens)
    throw new StudioError(
      'internal',
      `The text encoder reads ${maxTokens} tokens at a time but was given ${ids.length}.`,
    )
  const strange = ids.find((id) => id < 0 || id >= vocabSize)
  if (strange !== undefined)
    throw new StudioError(
      'bad-checkpoint',
      `The tokenizer knows token ${strange}, the text encoder only ${vocabSize}: they do not belong together.`,
    )
  return Int32Array.from(ids)
}

/** The first end-of-text token, which has the largest id of CLIP's vocabulary. */
const endOfText = (ids: readonly number[]): number =>
  ids.reduce((best, id, index) => (id > ids[best] ? index : best), 0)

/** Two sessions as one: the second reads the first's outputs, in the shapes given, beside the same inputs. */
function oneAfterTheOther(
  first: Session,
  second: Session,
  shapes: Readonly<Record<string, readonly number[]>>,
): Pick<Session, 'run' | 'release'> {
  return {
    async run(inputs) {
      const outputs = Object.entries(await first.run(inputs))
      const handed = outputs.map(([name, data]): [string, Input] => [name, { data, shape: shapes[name] }])
      return second.run({ ...inputs, ...Object.fromEntries(handed) })
    },
    async release() {
      await first.release()
      await second.release()
    },
  }
}

function unetNetwork(
  session: Pick<Session, 'run' | 'release'>,
  config: UnetConfig,
  size: UnetSize,
  controlShapes: Readonly<Record<string, readonly number[]>>,
): UnetNetwork {
  return {
    async run(input, timestep, context, added, strengths, control = noControl) {
      const inputs = {
        ...strengthsOf(strengths),
        ...unetInputs(config, size, input, timestep, context, added),
        ...controlInputs(control, controlShapes),
      }
      return (await session.run(inputs))['prediction']
    },
    release: () => session.release(),
  }
}

/** The inputs of a graph through which other networks steer it. */
const controlShapes = ({ inputs }: Graph): Record<string, readonly number[]> =>
  Object.fromEntries(
    inputs
      .filter(({ name }) => /^(residual|feature)\./.test(name))
      .map(({ name, shape }) => [name, shape.map(Number)]),
  )
