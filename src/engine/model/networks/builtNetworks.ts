import { StudioError } from '../../../shared/errors.ts'
import type { NetworkAdapter } from '../../graph/adapters/adaptation.ts'
import { clipText } from '../../graph/clip/clipText.ts'
import type { ClipTextConfig } from '../../graph/clip/clipTextConfig.ts'
import type { UnetConfig } from '../../graph/unet/unetConfig.ts'
import type { TinyVaeConfig, VaeConfig } from '../../graph/vae/vaeConfig.ts'
import { operationsOf } from '../../graph/writing/folding.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import type { Dialect } from '../../graph/writing/value.ts'
import { tinyVaeDecoder, tinyVaeEncoder } from '../../graph/vae/tinyVae.ts'
import { unet } from '../../graph/unet/unet.ts'
import { vaeDecoder, vaeEncoder } from '../../graph/vae/vae.ts'
import type { InsertedVectors, Tally } from '../model.ts'
import type { Architecture } from '../modelFacts.ts'
import { convolutionBlock } from './convolutionBlock.ts'
import { graphOver, strengthsOf } from './graphOver.ts'
import { cpuDialect, type Networks, type Target, type TextNetwork } from './networks.ts'
import { openLookedUnet } from './lookedUnet.ts'
import { openSession, type Input } from '../runtime/session.ts'
import { patchedPictures } from './patchedVae.ts'
import { openUnet } from './unetNetworks.ts'
import { openDecoder, openEncoder, type VaeOpening } from './vaeNetworks.ts'
import type { Tensors } from '../files/weights.ts'

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

/** Bytes of its largest activation up to which a network keeps its memory: taking it anew is a quarter of a run. */
const keptActivation = 2 ** 25

/** For pictures: those of a common size, of a small network, are drawn one after the other. */
export const isLarge = (graph: Graph): boolean =>
  operationsOf(graph.written).some(({ elements }) => 4 * elements > keptActivation)

/** Weights, in bytes of float32, from which on a text encoder leaves them in its file: it runs twice a picture. */
const heavyEncoder = 2 ** 28

/** Text encoders compute on the CPU. */
export const textDialect = ({ tensors }: TextPart): Dialect =>
  4 * tensors.elements > heavyEncoder ? { ...cpuDialect, widening: 'in the run' } : cpuDialect

/** What a text encoder takes while it is open. */
export const textBytes = (part: TextPart): number =>
  textDialect(part).widening ? 0 : 4 * part.tensors.elements

/** Networks written as ONNX graphs over the tensors as they lie on disk. */
export function builtNetworks(parts: Parts, { device, dialect, turbo, tallies }: Target): Networks {
  const { upcastAttention } = parts.unet.config
  const unetDialect: Dialect = { ...dialect, turbo, ...(upcastAttention && { precision: 'float32' }) }
  return {
    precision: unetDialect.precision,
    textBytes: parts.textEncoders.reduce((sum, part) => sum + textBytes(part), 0),
    openTextEncoder: (encoder, skip, adapters) =>
      openText(parts.textEncoders[encoder], skip, adapters, tallies.textEncoder),
    openUnet: (size, { adapters, widening } = {}) =>
      openUnet(
        { part: parts.unet, dialect: unetDialect, adapters },
        size,
        { device, tally: tallies.unet },
        // Weights in 8 bits are not widened at all.
        turbo ? 'at opening' : widening,
      ),
    openLookedUnet: (size, adapters, profile) =>
      openLookedUnet({ part: parts.unet, dialect: unetDialect, adapters }, size, {
        device,
        tally: tallies.unet,
        profile,
      }),
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
  const opening = (tally: Tally, inBands = false): VaeOpening => ({
    formOf: inBands ? 'cpu' : device,
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
  const pictures: Pick<Networks, 'openVaeDecoder' | 'openVaeEncoder'> = {
    openVaeDecoder: (height, width, inBands) =>
      openDecoder(config, { height, width }, opening(tallies.vaeDecoder, inBands)),
    openVaeEncoder: (height, width, inBands) =>
      openEncoder(config, { height, width }, opening(tallies.vaeEncoder, inBands)),
  }
  if (config.kind === 'tiny' || !config.patches) return pictures
  return patchedPictures(pictures, { config, tensors, ...config.patches })
}

/** Writes every graph of a model at its smallest size, and answers what went wrong: each tensor is looked up once. */
export function writeAllGraphs({ textEncoders, unet: { config, tensors }, vae }: Parts): unknown[] {
  const over = (source: Tensors): Graph => graphOver(source, cpuDialect)
  const attempts = [
    ...textEncoders.map((part) => () => clipText(over(part.tensors), part.config, { ...part, skip: 1 })),
    () => unet(over(tensors), config, { height: 8, width: 8, contextTokens: 77 }),
    ...(vae ? vaeGraphs(vae) : []),
  ]
  return failuresOf(attempts)
}

/** Writes the graphs of an autoencoder at their smallest. */
export const vaeGraphs = ({ config, tensors }: NonNullable<Parts['vae']>): (() => void)[] => [
  () => writeDecoder(graphOver(tensors, cpuDialect), config, 8, 8),
  () => writeEncoder(graphOver(tensors, cpuDialect), config, 64, 64),
]

/** What some attempts throw. */
export const failuresOf = (attempts: readonly (() => void)[]): unknown[] =>
  attempts.flatMap((attempt) => {
    try {
      attempt()
      return []
    } catch (error) {
      return [error]
    }
  })

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
  const graph = graphOver(tensors, textDialect(part), adapters)
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
