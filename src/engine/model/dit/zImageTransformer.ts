import { filledUp, timeWidth, zImage } from '../../graph/dit/zImage.ts'
import type { ZImageConfig } from '../../graph/dit/zImageConfig.ts'
import type { Part } from '../networks/builtNetworks.ts'
import { strengthsOf } from '../networks/graphOver.ts'
import type { UnetNetwork } from '../networks/networks.ts'
import { keptSessions, timeSinusoids, dialectFor, type Sessions, type Transformer } from './transformer.ts'

/** Z-Image's, which reads patches of two by two latents. */
export const zImageTransformer = ({ config, tensors }: Part<ZImageConfig>): Transformer => ({
  tensors,
  textWidth: config.textWidth,
  channels: config.channels,
  patch: 2,
  open({ height, width }, target, adapters) {
    const dialect = dialectFor(tensors, target)
    const sessions = keptSessions(
      { tensors, dialect, adapters },
      { device: target.device, tally: target.tallies.unet },
    )
    return zImageNetwork(config, sessions, { rows: height / 2, columns: width / 2 })
  },
  write: (graph, { height, width, text }) =>
    zImage(graph, config, { rows: height / 2, columns: width / 2, text }),
})

interface TokenGrid {
  rows: number
  columns: number
}

function zImageNetwork(config: ZImageConfig, { of, release }: Sessions, picture: TokenGrid): UnetNetwork {
  const { channels, textWidth, timeScale } = config
  const tokens = picture.rows * picture.columns
  return {
    async run(input, timestep, context, _added, strengths) {
      const count = context!.length / textWidth
      const text = filledUp(count)
      const filled = new Float32Array(text * textWidth)
      filled.set(context!)
      const session = await of(`${text}`, (graph) => zImage(graph, config, { ...picture, text }))
      // The network counts time from the noise on: 0 there, 1 at the picture.
      const time = Math.fround((1000 - timestep) / 1000) * timeScale
      const { prediction } = await session.run({
        ...strengthsOf(strengths),
        sample: { data: toPatches(input, channels, picture), shape: [tokens, 4 * channels] },
        time: { data: timeSinusoids(time, timeWidth), shape: [1, timeWidth] },
        context: { data: filled, shape: [text, textWidth] },
        isText: {
          data: Float32Array.from({ length: text }, (_, i) => (i < count ? 1 : 0)),
          shape: [text, 1],
        },
      })
      return fromPatches(prediction, channels, picture).map((value) => -value)
    },
    release,
  }
}

/** Where a number of the latents [channels, 2 · rows, 2 · columns] stands in the tokens [rows · columns, 4 · channels]. */
function patchIndex(index: number, channels: number, { rows, columns }: TokenGrid): number {
  const area = 4 * rows * columns
  const [channel, y, x] = [
    Math.floor(index / area),
    Math.floor((index % area) / (2 * columns)),
    index % (2 * columns),
  ]
  const token = (y >> 1) * columns + (x >> 1)
  return token * 4 * channels + ((y & 1) * 2 + (x & 1)) * channels + channel
}

function toPatches(latents: Float32Array, channels: number, picture: TokenGrid): Float32Array {
  const tokens = new Float32Array(latents.length)
  for (let i = 0; i < latents.length; i++) tokens[patchIndex(i, channels, picture)] = latents[i]
  return tokens
}

const fromPatches = (tokens: Float32Array, channels: number, picture: TokenGrid): Float32Array =>
  tokens.map((_, i) => tokens[patchIndex(i, channels, picture)])
