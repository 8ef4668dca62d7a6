import type { EngineAdapter } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import { familyName } from '../../shared/models/families.ts'
import type { NetworkAdapter } from '../graph/adapters/adaptation.ts'
import { stampOf } from '../model/files/fileStamps.ts'
import type { Clothes, ModelFacts } from '../model/model.ts'
import { readSwappedVae, type Vae } from '../model/networks/swappedVae.ts'
import { readAdapterFile } from './adapterFile.ts'
import { blockStrengths } from './blocks.ts'
import { readEmbedding, type Embedding } from './embeddingFile.ts'
import { fitAdapter, type FittedAdapter } from './fitAdapter.ts'
import type { Wearable } from './wearable.ts'
import { saying, type Warn } from '../../shared/notices.ts'

/** What a model wears for a picture. */
export interface Outfit {
  unet: Overlay
  /** One for every text encoder. */
  text: readonly Overlay[]
  /** In place of the model's own; the same stamp, the same files. */
  vae: (Vae & { stamp: string }) | null
  embeddings: readonly Embedding[]
}

/** Adapters over one network. */
export interface Overlay {
  adapters: readonly NetworkAdapter[]
  /** A row of all blocks for each adapter that is not merged: what runs are told. */
  strengths: Float32Array
  /** The same text, the same graph. */
  form: string
}

export const bareOverlay: Overlay = { adapters: [], strengths: new Float32Array(), form: '' }

export interface Wardrobe {
  /** Throws what reading and fitting the files throws. */
  dress(clothes: Clothes, warn: Warn): Promise<Outfit>
}

/** Reads files for one model, and keeps those of the last outfit. `wearable` is null for networks that adapters cannot change. */
export function openWardrobe(wearable: Wearable | null, facts: ModelFacts): Wardrobe {
  const files = keepLast()
  return {
    async dress({ adapters, embeddings, vaePath }, warn) {
      if (!wearable?.isUnet) refuseSome({ adapters, embeddings, vaePath }, facts.info)
      const round = files.nextRound()
      const worn: Worn[] = []
      for (const adapter of adapters)
        worn.push(await wearAdapter(adapter, wearable!, facts.info.family, round, warn))
      const widths = facts.textEncoders.map(({ width }) => width)
      const read: Embedding[] = []
      for (const embedding of embeddings)
        read.push(
          await round(`embedding ${embedding.name} ${embedding.path}`, embedding.path, () =>
            readEmbedding(embedding, widths, facts.info.family),
          ),
        )
      return {
        unet: overlay(
          worn,
          ({ unet }) => unet,
          ({ unet }) => unet,
        ),
        text: facts.textEncoders.map((_, encoder) =>
          overlay(
            worn,
            ({ text }) => text[encoder],
            ({ text }) => text,
          ),
        ),
        vae: vaePath === null ? null : await wearVae(vaePath, facts, round),
        embeddings: read,
      }
    },
  }
}

function refuseSome({ adapters, embeddings }: Clothes, { network, family }: ModelFacts['info']): void {
  const isExported = network === 'exported'
  const [first] = isExported ? [...adapters, ...embeddings] : embeddings
  if (first)
    throw new StudioError(
      'unsupported-model',
      isExported
        ? `This model comes as exported ONNX networks, which ${first.name} cannot change. Take the checkpoint itself.`
        : `Embeddings are not read by the text encoder of ${familyName(family)} models. Leave ${first.name} out.`,
    )
  const inBlocks = adapters.find(({ blocks }) => blocks !== null)
  if (inBlocks)
    throw new StudioError(
      'bad-request',
      `${inBlocks.name}: strengths of single blocks are for U-Nets, and ${familyName(family)} is drawn by a transformer. Give it one strength.`,
    )
}

async function wearAdapter(
  adapter: EngineAdapter,
  wearable: Wearable,
  family: string,
  round: Round,
  warn: Warn,
): Promise<Worn> {
  checkStrengths(adapter)
  const fitted = await round(`adapter ${adapter.path}`, adapter.path, async () => {
    const read = fitAdapter(await readAdapterFile(adapter.path), wearable, family)
    tellLeftOut(adapter, read, warn)
    return read
  })
  return { stamp: await stampOf(adapter.path), fitted, adapter }
}

async function wearVae(path: string, facts: ModelFacts, round: Round): Promise<Outfit['vae']> {
  const vae = await round(`vae ${path}`, path, () => readSwappedVae(path, facts))
  return { ...vae, stamp: await stampOf(path) }
}

/** What is read of a file, or what was read of it the last time where it has not changed since. */
type Round = <Content>(what: string, path: string, read: () => Promise<Content>) => Promise<Content>

/** Keeps what the last round read, and nothing from before it. */
function keepLast(): { nextRound(): Round } {
  let last = new Map<string, unknown>()
  return {
    nextRound() {
      const before = last
      const now = (last = new Map<string, unknown>())
      return async <Content>(what: string, path: string, read: () => Promise<Content>) => {
        const key = `${what} ${await stampOf(path)}`
        const content = before.has(key) ? (before.get(key) as Content) : await read()
        now.set(key, content)
        return content
      }
    },
  }
}

interface Worn {
  stamp: string
  fitted: FittedAdapter
  adapter: EngineAdapter
}

function overlay(
  worn: readonly Worn[],
  modulesOf: (fitted: FittedAdapter) => NetworkAdapter['modules'],
  strengthOf: (adapter: EngineAdapter) => number,
): Overlay {
  const layers = worn
    .map(({ stamp, fitted, adapter }) => {
      const row = blockStrengths(strengthOf(adapter), adapter.blocks)
      return { stamp, modules: modulesOf(fitted), row, merged: fitted.isMerged ? row : null }
    })
    .filter(({ modules }) => modules.size > 0)
  return {
    adapters: layers.map(({ modules, merged }) => ({ modules, merged })),
    strengths: Float32Array.from(layers.flatMap(({ row, merged }) => (merged ? [] : row))),
    form: layers.map(({ stamp, merged }) => `${stamp} ${merged ? merged.join() : 'live'}`).join('\n'),
  }
}

function checkStrengths({ name, unet, text, blocks }: EngineAdapter): void {
  const strange = [unet, text, ...(blocks ?? [])].find((value) => !Number.isFinite(value))
  if (strange !== undefined)
    throw new StudioError('bad-request', `${name}: a strength must be a number, found ${strange}.`)
}

const namedAtMost = 3

function tellLeftOut({ name, path }: EngineAdapter, { leftOut }: FittedAdapter, warn: Warn): void {
  if (leftOut.length === 0) return
  const more = leftOut.length > namedAtMost ? ` (+${leftOut.length - namedAtMost})` : ''
  const tensors = leftOut.slice(0, namedAtMost).join('; ') + more
  warn(saying('adapterLeftOut', { name, path, tensors }))
}
