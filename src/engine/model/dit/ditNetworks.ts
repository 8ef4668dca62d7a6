import { unseen } from '../../graph/layers.ts'
import { qwen3 } from '../../graph/qwen3/qwen3.ts'
import type { Qwen3Config } from '../../graph/qwen3/qwen3Config.ts'
import { requireMemory } from '../../memory/memoryPlan.ts'
import { StudioError } from '../../../shared/errors.ts'
import type { Chat } from '../family.ts'
import type { Tensors } from '../files/weights.ts'
import { pictureNetworks, type Part, type Parts } from '../networks/builtNetworks.ts'
import { cpuDialect, type Networks, type Target, type TextNetwork } from '../networks/networks.ts'
import { keptSessions, transformerDialect, type Transformer } from './transformer.ts'

/** The networks of a model whose transformer reads messages of a chat. */
export interface DitParts {
  textEncoder: Part<Qwen3Config>
  transformer: Transformer
  vae: NonNullable<Parts['vae']>
}

/** Written as ONNX graphs over the tensors as they lie on disk. */
export function ditNetworks(
  { textEncoder, transformer, vae }: DitParts,
  chat: Chat,
  target: Target,
): Networks {
  return {
    precision: transformerDialect(target).precision,
    textBytes: 4 * textEncoder.tensors.elements,
    async openTextEncoder() {
      requireRoom(textEncoder.tensors, 'cpu')
      return textNetwork(textEncoder, chat, target)
    },
    async openUnet(height, width) {
      requireRoom(transformer.tensors, target.device)
      return transformer.open({ height, width }, target)
    },
    openLookedUnet: null,
    ...pictureNetworks(vae, target),
  }
}

/** On the CPU weights are widened to float32 as a network opens. Throws `out-of-memory` where that cannot fit. */
function requireRoom({ elements }: Tensors, device: Target['device']): void {
  const free = process.availableMemory() + process.memoryUsage.rss()
  if (device === 'cpu') requireMemory({ peakBytes: 4 * elements }, free)
}

/** Tokens are read in multiples of this, so that texts of about a length have one graph. */
const evenly = 32

/** The hidden states of its family side by side; no token sees those behind it, nor any that only fill up. */
export function textNetwork(
  { config, tensors }: Part<Qwen3Config>,
  chat: Pick<Chat, 'states'>,
  { tallies }: Pick<Target, 'tallies'>,
): TextNetwork {
  const states = chat.states(config.layers)
  const width = states.length * config.width
  const sessions = keptSessions(
    { tensors, dialect: cpuDialect },
    { device: 'cpu', tally: tallies.textEncoder },
  )
  return {
    async encode(ids, _inserted, _strengths, said = ids.length) {
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
        tokens: { data: tokens, shape: [count] },
        unseen: { data: new Float32Array(count).fill(unseen, said), shape: [1, 1, 1, count] },
      })
      return { hidden: hidden.slice(0, ids.length * width), pooled: null, width }
    },
    release: sessions.release,
  }
}
