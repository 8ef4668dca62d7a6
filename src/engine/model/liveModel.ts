import { StudioError } from '../../shared/errors.ts'
import type { Latents } from '../latents.ts'
import type { Parts } from './builtNetworks.ts'
import type { Model, ModelFacts, PreviewVae } from './model.ts'
import { openPreviewVae } from './previewVae.ts'
import type { Networks, PictureNetwork, Target, TextNetwork, UnetNetwork } from './networks.ts'

/** A model as it lies on disk, read as far as headers and configuration, and the way to its networks. */
export interface StoredModel {
  facts: ModelFacts
  /** Networks that are still to be written as graphs; null where they come as ONNX models. */
  parts: Parts | null
  networks(target: Target): Networks
}

/** Together more than this, in bytes, and text encoders make room for the U-Net. */
const heavyText = 2 ** 30

/**
 * A model whose networks are opened when first used: one U-Net at a time, one decoder for the last size, the encoder
 * for a single picture, text encoders for as long as they are light.
 */
export function liveModel(facts: ModelFacts, networks: Networks, target: Target): Model {
  const { device, tallies } = target
  const text = new Slots<TextNetwork>()
  const unet = new Slots<UnetNetwork>()
  const decoder = new Slots<PictureNetwork>()
  const preview = new Slots<PreviewVae & PictureNetwork>()
  const { latentChannels, latentScale, scalingFactor, shiftFactor } = facts
  return {
    ...facts,
    device,
    dtype: networks.precision,
    tallies,
    async encodeText(encoder, ids, clipSkip) {
      const network = await text.get(`${encoder}`, `${clipSkip}`, () =>
        networks.openTextEncoder(encoder, clipSkip),
      )
      return network.encode(ids)
    },
    async openUnet(height, width, contextTokens, contextVaries = false) {
      if (networks.textBytes > heavyText) await text.release()
      const open = (): Promise<UnetNetwork> => networks.openUnet(height, width, contextTokens, contextVaries)
      const form = `${height}x${width}x${contextTokens}${contextVaries ? ' at most' : ''}`
      const network = await unet.get('', form, open)
      return { run: (input, timestep, context, added = {}) => network.run(input, timestep, context, added) }
    },
    async decode(latents) {
      const { height, width } = latents
      if (!networks.openVaeDecoder) return latents.data
      const network = await decoder.get('', `${height}x${width}`, () =>
        networks.openVaeDecoder!(height, width),
      )
      return network.run(latents.data.map((value) => value / scalingFactor + shiftFactor))
    },
    async encode(rgb, height, width) {
      const shape = { channels: latentChannels, height: height / latentScale, width: width / latentScale }
      if (!networks.openVaeDecoder) return { mean: { ...shape, data: rgb }, logvar: certain(shape) }
      if (!networks.openVaeEncoder)
        throw new StudioError(
          'missing-part',
          'This model has no VAE encoder, so it cannot start from a picture.',
        )
      const network = await networks.openVaeEncoder(height, width)
      try {
        return splitMoments(await network.run(rgb), shape)
      } finally {
        await network.release()
      }
    },
    openPreviewVae:
      facts.previewVae === null
        ? null
        : (height, width) =>
            preview.get('', `${height}x${width}`, () => openPreviewVae(facts, height, width, target)),
    async release() {
      await Promise.all([text.release(), unet.release(), decoder.release(), preview.release()])
    },
  }
}

/** Mean and log variance lie one after the other; networks that give the mean alone are certain of it. */
function splitMoments(
  moments: Float32Array,
  shape: Omit<Latents, 'data'>,
): { mean: Latents; logvar: Latents } {
  const size = shape.channels * shape.height * shape.width
  const mean = { ...shape, data: moments.slice(0, size) }
  return { mean, logvar: moments.length > size ? { ...shape, data: moments.slice(size) } : certain(shape) }
}

/** The log variance of what is known exactly. */
const certain = (shape: Omit<Latents, 'data'>): Latents => ({
  ...shape,
  data: new Float32Array(shape.channels * shape.height * shape.width).fill(-Infinity),
})

/** Open networks by slot; a slot holds the one made for the last `form` and frees it before it opens another. */
class Slots<Network extends { release(): Promise<void> }> {
  readonly #open = new Map<string, { form: string; network: Network }>()

  async get(slot: string, form: string, open: () => Promise<Network>): Promise<Network> {
    const held = this.#open.get(slot)
    if (held?.form === form) return held.network
    this.#open.delete(slot)
    await held?.network.release()
    const network = await open()
    this.#open.set(slot, { form, network })
    return network
  }

  async release(): Promise<void> {
    const held = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(held.map(({ network }) => network.release()))
  }
}
