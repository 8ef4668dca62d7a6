import { StudioError } from '../../../shared/errors.ts'
import { filledUp, timeWidth, zImage } from '../../graph/dit/zImage.ts'
import type { ZImageConfig } from '../../graph/dit/zImageConfig.ts'
import { qwen3 } from '../../graph/qwen3/qwen3.ts'
import type { Qwen3Config } from '../../graph/qwen3/qwen3Config.ts'
import { pictureNetworks, type Part, type Parts } from '../networks/builtNetworks.ts'
import type { Dialect } from '../../graph/value.ts'
import { requireMemory } from '../../memory/memoryPlan.ts'
import { graphOver } from '../networks/graphOver.ts'
import {
  cpuDialect,
  type Networks,
  type Target,
  type TextNetwork,
  type UnetNetwork,
} from '../networks/networks.ts'
import { openSession, type Session } from '../runtime/session.ts'
import type { Tensors } from '../files/weights.ts'

export interface ZImageParts {
  textEncoder: Part<Qwen3Config>
  transformer: Part<ZImageConfig>
  vae: NonNullable<Parts['vae']>
}

/** Z-Image's networks, written as ONNX graphs over the tensors as they lie on disk. */
export function zImageNetworks(parts: ZImageParts, target: Target): Networks {
  const { device, tallies } = target
  // Half precision overflows in its feed-forward layers.
  const dialect: Dialect = { ...target.dialect, precision: 'float32' }
  return {
    precision: dialect.precision,
    textBytes: 4 * parts.textEncoder.tensors.elements,
    async openTextEncoder(_encoder, skip) {
      requireRoom(parts.textEncoder.tensors, 'cpu')
      return textNetwork(parts.textEncoder, skip, target)
    },
    async openUnet(height, width) {
      const { config, tensors } = parts.transformer
      requireRoom(tensors, device)
      const [rows, columns] = [height / 2, width / 2]
      const sessions = keptSessions((text) => {
        const graph = graphOver(tensors, dialect)
        zImage(graph, config, { rows, columns, text })
        return openSession(graph.encode(), {
          device,
          folder: graph.folder,
          frugal: false,
          tally: tallies.unet,
        })
      })
      return transformerNetwork(config, sessions, { rows, columns })
    },
    openLookedUnet: null,
    ...pictureNetworks(parts.vae, target),
  }
}

/** On the CPU weights are widened to float32 as a network opens. Throws `out-of-memory` where that cannot fit. */
function requireRoom({ elements }: Tensors, device: Target['device']): void {
  const free = process.availableMemory() + process.memoryUsage.rss()
  if (device === 'cpu') requireMemory({ peakBytes: 4 * elements }, free)
}

interface Sessions {
  /** The session for so many tokens of text. */
  of(text: number): Promise<Session>
  release(): Promise<void>
}

/** Graphs know their sizes: one for each number of tokens, of which a picture has two, with and against its prompt. */
function keptSessions(open: (text: number) => Promise<Session>): Sessions {
  const kept = new Map<number, Session>()
  const release = async (): Promise<void> => {
    for (const session of kept.values()) await session.release()
    kept.clear()
  }
  return {
    async of(text) {
      const known = kept.get(text)
      if (known) return known
      if (kept.size === 2) await release()
      const session = await open(text)
      kept.set(text, session)
      return session
    },
    release,
  }
}

function textNetwork({ config, tensors }: Part<Qwen3Config>, skip: number, { tallies }: Target): TextNetwork {
  const sessions = keptSessions((count) => {
    const graph = graphOver(tensors, cpuDialect)
    qwen3(graph, config, { count, skip })
    const tally = tallies.textEncoder
    return openSession(graph.encode(), { device: 'cpu', folder: graph.folder, frugal: false, tally })
  })
  return {
    async encode(ids) {
      const strange = ids.find((id) => id >= config.vocabSize)
      if (strange !== undefined)
        throw new StudioError(
          'bad-checkpoint',
          `The tokenizer knows token ${strange}, the text encoder only ${config.vocabSize}: they do not belong together.`,
        )
      // No token sees those behind it, so what fills up changes nothing.
      const tokens = new Int32Array(filledUp(ids.length))
      tokens.set(ids)
      const session = await sessions.of(tokens.length)
      const { hidden } = await session.run({ tokens: { data: tokens, shape: [tokens.length] } })
      return { hidden: hidden.slice(0, ids.length * config.width), pooled: null, width: config.width }
    },
    release: sessions.release,
  }
}

function transformerNetwork(
  { channels, textWidth, timeScale }: ZImageConfig,
  sessions: Sessions,
  picture: { rows: number; columns: number },
): UnetNetwork {
  const tokens = picture.rows * picture.columns
  return {
    async run(input, timestep, context) {
      const count = context!.length / textWidth
      const text = filledUp(count)
      const filled = new Float32Array(text * textWidth)
      filled.set(context!)
      const session = await sessions.of(text)
      // The network counts time from the noise on: 0 there, 1 at the picture.
      const time = Math.fround((1000 - timestep) / 1000) * timeScale
      const { prediction } = await session.run({
        sample: { data: toPatches(input, channels, picture), shape: [tokens, 4 * channels] },
        time: { data: timeEmbedding(time), shape: [1, timeWidth] },
        context: { data: filled, shape: [text, textWidth] },
        isText: {
          data: Float32Array.from({ length: text }, (_, i) => (i < count ? 1 : 0)),
          shape: [text, 1],
        },
      })
      return fromPatches(prediction, channels, picture).map((value) => -value)
    },
    release: sessions.release,
  }
}

/** Cosines, then sines, in float64: the angles reach 1000. */
function timeEmbedding(time: number): Float32Array {
  const half = timeWidth / 2
  const angle = (i: number): number => time * Math.exp((-Math.log(10_000) * i) / half)
  return Float32Array.from({ length: timeWidth }, (_, i) =>
    i < half ? Math.cos(angle(i)) : Math.sin(angle(i - half)),
  )
}

/** Where a number of the latents [channels, 2 · rows, 2 · columns] stands in the tokens [rows · columns, 4 · channels]. */
function patchIndex(
  index: number,
  channels: number,
  { rows, columns }: { rows: number; columns: number },
): number {
  const area = 4 * rows * columns
  const [channel, y, x] = [
    Math.floor(index / area),
    Math.floor((index % area) / (2 * columns)),
    index % (2 * columns),
  ]
  const token = (y >> 1) * columns + (x >> 1)
  return token * 4 * channels + ((y & 1) * 2 + (x & 1)) * channels + channel
}

function toPatches(
  latents: Float32Array,
  channels: number,
  picture: { rows: number; columns: number },
): Float32Array {
  const tokens = new Float32Array(latents.length)
  for (let i = 0; i < latents.length; i++) tokens[patchIndex(i, channels, picture)] = latents[i]
  return tokens
}

const fromPatches = (
  tokens: Float32Array,
  channels: number,
  picture: { rows: number; columns: number },
): Float32Array => tokens.map((_, i) => tokens[patchIndex(i, channels, picture)])
