import type { NetworkAdapter } from '../../graph/adapters/adaptation.ts'
import { unseen } from '../../graph/layers/attention.ts'
import { qwen3 } from '../../graph/qwen3/qwen3.ts'
import type { Qwen3Config } from '../../graph/qwen3/qwen3Config.ts'
import type { Dialect } from '../../graph/writing/value.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { Chat } from '../family.ts'
import type { Tensors } from '../files/weights.ts'
import { pictureNetworks, type Part, type Parts } from '../networks/builtNetworks.ts'
import { strengthsOf } from '../networks/graphOver.ts'
import { cpuDialect, type Networks, type Target, type TextNetwork } from '../networks/networks.ts'
import { dialectFor, keptSessions, transformerPrecision, type Transformer } from './transformer.ts'

/** The networks of a model whose transformer reads messages of a chat. */
export interface DitParts {
  textEncoder: Part<Qwen3Config>
  transformer: Transformer
  vae: NonNullable<Parts['vae']>
}

/** How many numbers a row of text has that a family reads; null where the encoder has too few layers. */
export function textRowsOf({ width, layers }: Qwen3Config, { states }: Pick<Chat, 'states'>): number | null {
  const read = states(layers)
  return Math.max(...read) > layers ? null : read.length * width
}

/** Written as ONNX graphs over the tensors as they lie on disk. */
export function ditNetworks(
  { textEncoder, transformer, vae }: DitParts,
  chat: Chat,
  target: Target,
): Networks {
  return {
    precision: transformerPrecision,
    textBytes: textDialect(textEncoder.tensors).widening ? 0 : 4 * textEncoder.tensors.elements,
    openTextEncoder: async (_encoder, _skip, adapters) => textNetwork(textEncoder, chat, target, adapters),
    async openUnet({ height, width }, { adapters } = {}) {
      if (target.dialect.transformers)
        throw new StudioError(
          'device-unavailable',
          `${target.device} computes layers of transformers wrongly on this machine (its self-test says so). Choose CPU as the device for this model.`,
        )
      return transformer.open({ height, width }, target, adapters)
    },
    openLookedUnet: null,
    ...pictureNetworks(vae, target),
  }
}

/** Text encoders compute on the CPU. */
export const textDialect = (tensors: Tensors): Dialect =>
  dialectFor(tensors, { device: 'cpu', dialect: cpuDialect })

/** Tokens are read in multiples of this, so that texts of about a length have one graph. */
const evenly = 32

/** The hidden states of its family side by side; no token sees those behind it, nor any that only fill up. */
export function textNetwork(
  { config, tensors }: Part<Qwen3Config>,
  chat: Pick<Chat, 'states'>,
  { tallies }: Pick<Target, 'tallies'>,
  adapters?: readonly NetworkAdapter[],
): TextNetwork {
  const states = chat.states(config.layers)
  const width = states.length * config.width
  const sessions = keptSessions(
    { tensors, dialect: textDialect(tensors), adapters },
    { device: 'cpu', tally: tallies.textEncoder },
  )
  return {
    async encode(ids, _inserted, strengths, said = ids.length) {
      const strange = ids.find((id) => id >= config.vocabSize)
      if (strange !== undefined)
        throw new StudioError(
          'bad-checkpoint',
          `The tokenizer knows token ${strange}, the text encoder only ${config.vocabSize}: they do not belong together.`,
        )
      const count = Math.ceil(ids.length / evenly) * evenly
      const tokens = new Int32Array(count)
      tokens.set(ids)
      const session = await sessions.of(`${count}`, (graph) => qwen3(graph, config, { count, states }))
      const { hidden } = await session.run({
        ...strengthsOf(strengths),
        tokens: { data: tokens, shape: [count] },
        unseen: { data: new Float32Array(count).fill(unseen, said), shape: [1, 1, 1, count] },
      })
      return { hidden: hidden.slice(0, ids.length * width), pooled: null, width }
    },
    release: sessions.release,
  }
}
