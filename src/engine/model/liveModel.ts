import { StudioError } from '../../shared/errors.ts'
import { bareOverlay, openWardrobe, type Outfit, type Wardrobe } from '../adapters/wardrobe.ts'
import { unetWearable, type Wearable } from '../adapters/wearable.ts'
import type { DitParts } from './dit/ditNetworks.ts'
import { checkPlanes } from '../picture/picture.ts'
import type { BeforePart } from '../picture/tiles.ts'
import { pictureNetworks, type Parts } from './networks/builtNetworks.ts'
import { liveControls, type LiveControls } from './liveControls.ts'
import type { Model, ModelFacts, PreviewVae, Unet } from './model.ts'
import { vaeScaling } from './modelFacts.ts'
import { certain, splitMoments } from './moments.ts'
import { openPreviewVae } from './networks/previewVae.ts'
import { remembering } from './networks/rememberedTexts.ts'
import { isHeavy } from './networks/unetNetworks.ts'
import type {
  LookedNetwork,
  Networks,
  PictureNetwork,
  Target,
  TextNetwork,
  UnetNetwork,
} from './networks/networks.ts'
import { Slots } from './runtime/slots.ts'
import { saying, type Saying, type Warn } from '../../shared/notices.ts'

/** A model as it lies on disk, read as far as headers and configuration, and the way to its networks. */
export interface StoredModel {
  facts: ModelFacts
  /** Networks that are still to be written as graphs; null where they come as ONNX models. */
  parts: Parts | null
  /** How adapters find its networks, where they are no `parts`. */
  wearable?: Wearable
  /** Those of a model that is drawn by a transformer. */
  dit?: DitParts
  /** Writes every graph of networks that are no `parts`, and answers what went wrong. */
  check?(): unknown[]
  networks(target: Target): Networks
}

/** How latents are decoded once more of which the decoder makes no picture. */
export interface DecodesAgain {
  /** For a graphics card that computes in single precision already; null on the CPU. */
  onCpu: Target | null
  /** Hears of it. */
  warn: Warn
}

/** Together more than this, in bytes, and text encoders make room for the U-Net. */
export const heavyText = 2 ** 30

/**
 * A model whose networks are opened when first used: one U-Net at a time, one decoder for the last size, the encoder
 * for a single picture, text encoders for as long as they are light.
 */
export function liveModel(
  stored: StoredModel,
  target: Target,
  again: DecodesAgain = { onCpu: null, warn() {} },
): Model {
  const { facts, parts, networks: over } = stored
  const wardrobe = openWardrobe(stored.wearable ?? (parts && unetWearable(parts)), facts)
  const networks = over(target)
  // The networks that steer compute as the one that is steered.
  const dialect = { ...target.dialect, precision: networks.precision }
  const controls = liveControls(parts, facts.latentScale, { ...target, dialect })
  const onCpu = again.onCpu && { target: again.onCpu, networks: over(again.onCpu) }
  const memory: Body['memory'] = { unetMakesRoom: false, widening: 'at opening' }
  const open = { ...newSlots(), controls }
  const isLight = parts !== null && target.device === 'cpu' && !isHeavy(parts.unet, 'cpu')
  const body: Body = { networks, target, open, wardrobe, memory, onCpu, isLight, warn: again.warn }
  return dressed(facts, body, { unet: bareOverlay, text: [], vae: null, embeddings: [] })
}

/** What stays the same whatever a model wears. */
interface Body {
  networks: Networks
  target: Target
  open: OpenNetworks
  wardrobe: Wardrobe
  memory: Parameters<Model['useMemory']>[0]
  onCpu: { target: Target; networks: Networks } | null
  /** On the CPU, with a U-Net that leaves room for other networks beside it. */
  isLight: boolean
  warn: DecodesAgain['warn']
}

function dressed(bare: ModelFacts, body: Body, outfit: Outfit): Model {
  const { networks, target, open, wardrobe, memory } = body
  const { vae } = outfit
  const facts = vae ? { ...bare, ...vaeScaling(vae.config) } : bare
  return {
    ...facts,
    device: target.device,
    dtype: networks.precision,
    tallies: target.tallies,
    embeddings: outfit.embeddings,
    async encodeText(encoder, ids, clipSkip, inserted, said) {
      const { adapters, strengths, form } = outfit.text[encoder] ?? bareOverlay
      const network = await open.text.get(`${encoder}`, `${clipSkip} ${form}`, async () =>
        remembering(await networks.openTextEncoder(encoder, clipSkip, adapters)),
      )
      return network.encode(ids, inserted, strengths, said)
    },
    async openUnet({ inPairs = false, ...size }) {
      if (networks.textBytes > heavyText) await open.text.release()
      await open.looked.release()
      const { adapters, strengths, form } = outfit.unet
      const { widening, together } = memory
      const batch = inPairs && together ? 2 : 1
      const { height, width, contextTokens, contextVaries = false, control } = size
      const sizeName = JSON.stringify([height, width, contextTokens, contextVaries, control])
      const network = await open.unet.get('', `${sizeName} ${widening} ${batch} ${form}`, () =>
        networks.openUnet({ ...size, batch }, { adapters, widening }),
      )
      return unetOver(network, strengths)
    },
    openLookedUnet: networks.openLookedUnet && lookedUnets(body, outfit, networks.openLookedUnet),
    openControls: (paths, size) => open.controls.open(paths, size, memory.widening),
    useMemory({ unetMakesRoom, widening, picturesInBands = false, together = false }) {
      Object.assign(memory, { unetMakesRoom, widening, picturesInBands, together })
    },
    async makeRoom() {
      if (!memory.unetMakesRoom) return
      await Promise.all([open.unet.release(), open.looked.release()])
      await open.controls.release()
    },
    ...picturesOf(body, facts, vae),
    openPreviewVae:
      facts.previewVae === null ? null : (height, width) => openTiny(body, facts, height, width),
    wearing: async (clothes, warn) => dressed(bare, body, await wardrobe.dress(clothes, warn)),
    async release() {
      await Promise.all([
        open.text.release(),
        open.unet.release(),
        open.looked.release(),
        open.controls.release(),
        open.decoder.release(),
        open.preview.release(),
      ])
    },
  }
}

const openTiny = (
  { open, target }: Body,
  facts: ModelFacts,
  height: number,
  width: number,
  begun: Begun = opened,
): Promise<PreviewVae & PictureNetwork> =>
  open.preview.get('', `${height}x${width}`, () => begun(openPreviewVae(facts, height, width, target)))

/** What is done with a network that is being opened. */
type Begun = <Network extends PictureNetwork>(opening: Promise<Network>) => Promise<Network>
const opened: Begun = (opening) => opening
const rehearsed: Begun = async (opening) => {
  const network = await opening
  await network.rehearse?.()
  return network
}

function unetOver({ run, runBoth, widen }: UnetNetwork, strengths: Float32Array | undefined): Unet {
  return {
    run: (input, timestep, context, added = {}, steering) =>
      run(input, timestep, context, added, strengths, steering),
    ...(runBoth && { runBoth: (first, second) => runBoth(first, second, strengths) }),
    ...(widen && { widen }),
  }
}

/** The U-Net that is looked into, a light one beside the one that draws, any other in its place. */
function lookedUnets(
  { open, networks, isLight }: Body,
  { unet: { adapters, strengths, form } }: Outfit,
  openLooked: NonNullable<Networks['openLookedUnet']>,
): NonNullable<Model['openLookedUnet']> {
  return async (size, profile) => {
    if (networks.textBytes > heavyText) await open.text.release()
    if (!isLight) await open.unet.release()
    const network = await open.looked.get('', `${JSON.stringify(size)} ${profile} ${form}`, () =>
      openLooked(size, adapters, profile),
    )
    return {
      run: (input, timestep, context, added, control, dials) =>
        network.run(input, timestep, context, added, { strengths, control, dials }),
      endProfile: () => network.endProfile(),
    }
  }
}

/** Latents to pictures and back, by the model's own autoencoder or by `vae`. */
function picturesOf(
  body: Body,
  facts: ModelFacts,
  vae: Outfit['vae'],
): Pick<Model, 'decode' | 'encode' | 'rehearse' | 'vaeStamp'> {
  const { networks, target, open, memory, isLight } = body
  const { latentChannels, latentScale, scalingFactor, shiftFactor } = facts
  const { openVaeDecoder, openVaeEncoder } = vae ? pictureNetworks(vae, target) : networks
  const again = decoderInFloat32(body, vae)
  const openDecoder = (height: number, width: number, begun: Begun): Promise<PictureNetwork> => {
    const { picturesInBands: inBands } = memory
    const form = `${height}x${width} ${vae?.stamp} ${inBands}`
    return open.decoder.get('', form, () => begun(openVaeDecoder!(height, width, inBands)))
  }
  return {
    vaeStamp: vae?.stamp ?? null,
    async rehearse(height, width) {
      if (!openVaeDecoder || !isLight || memory.unetMakesRoom) return
      await openDecoder(height, width, rehearsed)
      // What is wrong with a tiny VAE is told when it is to draw.
      if (facts.previewVae !== null) await openTiny(body, facts, height, width, rehearsed).catch(() => {})
    },
    async decode({ data, height, width }, before) {
      if (!openVaeDecoder) return data
      const unscaled = data.map((value) => value / scalingFactor + shiftFactor)
      const network = await openDecoder(height, width, opened)
      const planes = await network.run(unscaled, before)
      if (!again || isPicture(planes)) return planes
      await open.decoder.release()
      const decoded = await runOnce(await again.open(height, width), unscaled, before)
      body.warn(again.told)
      return decoded
    },
    async encode(rgb, height, width, before) {
      const shape = { channels: latentChannels, height: height / latentScale, width: width / latentScale }
      if (!openVaeDecoder) return { mean: { ...shape, data: rgb }, logvar: certain(shape) }
      if (!openVaeEncoder)
        throw new StudioError(
          'missing-part',
          'This model has no VAE encoder, so it cannot start from a picture.',
        )
      return splitMoments(
        await runOnce(await openVaeEncoder(height, width, memory.picturesInBands), rgb, before),
        shape,
      )
    },
  }
}

/** Another decoder for latents of which the first makes no picture; null where that one is as exact as there is. */
function decoderInFloat32(
  { networks, target, onCpu }: Body,
  vae: Outfit['vae'],
): { open: NonNullable<Networks['openVaeDecoder']>; told: Saying } | null {
  if (!vae && networks.openFloat32VaeDecoder)
    return { open: networks.openFloat32VaeDecoder, told: saying('halfOverflowed') }
  const open = onCpu && (vae ? pictureNetworks(vae, onCpu.target) : onCpu.networks).openVaeDecoder
  return open && { open, told: saying('decodedOnCpu', { device: target.device }) }
}

async function runOnce(
  network: PictureNetwork,
  input: Float32Array,
  before?: BeforePart,
): Promise<Float32Array> {
  try {
    return await network.run(input, before)
  } finally {
    await network.release()
  }
}

function isPicture(planes: Float32Array): boolean {
  try {
    checkPlanes(planes)
    return true
  } catch {
    return false
  }
}

interface OpenNetworks {
  controls: LiveControls
  text: Slots<TextNetwork>
  unet: Slots<UnetNetwork>
  looked: Slots<LookedNetwork>
  decoder: Slots<PictureNetwork>
  preview: Slots<PreviewVae & PictureNetwork>
}

const newSlots = (): Omit<OpenNetworks, 'controls'> => ({
  text: new Slots(),
  unet: new Slots(),
  looked: new Slots(),
  decoder: new Slots(),
  preview: new Slots(),
})
