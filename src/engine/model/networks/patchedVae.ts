import type { VaeConfig } from '../../graph/vae/vaeConfig.ts'
import { weightOfShape } from '../../graph/weights/weight.ts'
import { numbersOf } from '../../graph/weights/weightNumbers.ts'
import type { Tensors } from '../files/weights.ts'
import type { Networks, PictureNetwork } from './networks.ts'

type Pictures = Pick<Networks, 'openVaeDecoder' | 'openVaeEncoder'>

/** Patches of two by two latents. */
interface Grid {
  height: number
  width: number
}

/**
 * An autoencoder between pictures and patches of its latents (diffusers AutoencoderKLFlux2): [4 · channels, height, width],
 * normalised by the statistics in the file. The encoder gives means alone.
 */
export function patchedPictures(
  { openVaeDecoder, openVaeEncoder }: Pictures,
  { config, tensors, epsilon }: { config: VaeConfig; tensors: Tensors; epsilon: number },
): Pictures {
  const channels = 4 * config.latentChannels
  const statistic = (key: string): Float32Array =>
    numbersOf(weightOfShape(tensors.source, tensors.nameOf, `bn.${key}`, [channels]))
  const [means, variances] = [statistic('running_mean'), statistic('running_var')]
  const deviations = variances.map((variance) => Math.sqrt(variance + epsilon))
  const pixels = 2 ** config.channels.length

  return {
    openVaeDecoder:
      openVaeDecoder &&
      (async (height, width, inBands) => {
        const inner = await openVaeDecoder(2 * height, 2 * width, inBands)
        return changed(inner, (patches, run) => {
          const latents = new Float32Array(patches.length)
          patches.forEach((value, i) => {
            const channel = Math.floor(i / (height * width))
            latents[latentAt(i, { height, width })] = value * deviations[channel] + means[channel]
          })
          return run(latents)
        })
      }),
    openVaeEncoder:
      openVaeEncoder &&
      (async (height, width, inBands) => {
        const grid = { height: height / pixels, width: width / pixels }
        const area = grid.height * grid.width
        return changed(await openVaeEncoder(height, width, inBands), async (picture, run) => {
          const moments = await run(picture)
          return Float32Array.from({ length: channels * area }, (_, i) => {
            const channel = Math.floor(i / area)
            return (moments[latentAt(i, grid)] - means[channel]) / deviations[channel]
          })
        })
      }),
  }
}

type Run = (input: Float32Array) => Promise<Float32Array>

const changed = (
  { run, release }: PictureNetwork,
  change: (input: Float32Array, run: Run) => Promise<Float32Array>,
): PictureNetwork => ({
  run: (input, before) => change(input, (inner) => run(inner, before)),
  release,
})

/** Where a number of the patches lies among the latents: channel 4 · c + 2 · y + x is that of row y and column x. */
function latentAt(index: number, { height, width }: Grid): number {
  const channel = Math.floor(index / (height * width))
  const row = 2 * (Math.floor(index / width) % height) + ((channel >> 1) & 1)
  const column = 2 * (index % width) + (channel & 1)
  return ((channel >> 2) * 2 * height + row) * 2 * width + column
}
