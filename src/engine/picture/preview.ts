import type { Pixels } from '../../shared/engine/engineContract.ts'
import type { Latents } from '../latents.ts'
import type { Model } from '../model/model.ts'
import { mersenneTwister } from '../random/mersenneTwister.ts'

/**
 * Previews of a running picture: colours guessed from the predicted clean latents by a linear map, one pixel a
 * latent, without running the decoder. The map is fitted to the model at hand by least squares, so that any
 * autoencoder gets its own.
 */

/** Rows of [channels + 1 weights, the last one the bias], for red, green and blue in -1..1. */
export type LatentToRgb = readonly [Float64Array, Float64Array, Float64Array]

/** Side of the probe and of its patches, in latents. */
const probeSide = 32
const probePatch = 4

/** Where the U-Net works on pixels: they are colours already. */
const pixelColours = [0, 1, 2].map((colour) =>
  Float64Array.from({ length: 4 }, (_, channel) => (channel === colour ? 1 : 0)),
) as unknown as LatentToRgb

/** Fits the map of a model by one run of its decoder on a small probe. */
export async function fitPreview(
  model: Pick<Model, 'latentChannels' | 'latentScale' | 'decode'>,
): Promise<LatentToRgb> {
  if (model.latentScale === 1 && model.latentChannels === 3) return pixelColours
  const probe = probeLatents(model.latentChannels)
  return fitLatentToRgb(probe, await model.decode(probe), model.latentScale)
}

/** The same by its tiny VAE, where it has one that works: that takes no time. */
export async function fitColours(
  model: Pick<Model, 'latentChannels' | 'latentScale' | 'decode' | 'openPreviewVae'>,
): Promise<LatentToRgb> {
  const tiny = await model.openPreviewVae?.(probeSide, probeSide).catch(() => null)
  if (!tiny) return fitPreview(model)
  const { latentChannels } = model
  const decode: Model['decode'] = ({ data }) => tiny.run(data)
  return fitPreview({ latentChannels, latentScale: tiny.scale, decode }).catch(() => fitPreview(model))
}

/** Latents to fit on: patches of one random value, so that what surrounds a latent says the same as itself. */
function probeLatents(channels: number): Latents {
  const patches = probeSide / probePatch
  const values = mersenneTwister(0).normals(channels * patches * patches)
  const data = new Float32Array(channels * probeSide * probeSide)
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / probeSide / probePatch) // of patches, through all channels
    data[i] = values[row * patches + Math.floor((i % probeSide) / probePatch)]!
  }
  return { data, channels, height: probeSide, width: probeSide }
}

/**
 * The linear map from latents to the mean colour of the pixels each stands for.
 * @param rgb what the decoder made of the latents: planar [3, height·scale, width·scale] in -1..1
 */
function fitLatentToRgb(latents: Latents, rgb: Float32Array, scale: number): LatentToRgb {
  const { channels, height, width } = latents
  const unknowns = channels + 1
  const normal = new Float64Array(unknowns * unknowns)
  const moments = [0, 1, 2].map(() => new Float64Array(unknowns))
  const sample = new Float64Array(unknowns).fill(1)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++)
        sample[channel] = latents.data[(channel * height + y) * width + x]!
      for (let row = 0; row < unknowns; row++)
        for (let column = 0; column < unknowns; column++)
          normal[row * unknowns + column] += sample[row] * sample[column]
      moments.forEach((moment, colour) => {
        const mean = patchMean(rgb, colour, x, y, width, height, scale)
        for (let row = 0; row < unknowns; row++) moment[row] += sample[row] * mean
      })
    }
  return moments.map((moment) => solve(normal, moment)) as unknown as LatentToRgb
}

/** Colours of latents through a fitted map: `latents.width` × `latents.height` pixels. */
export function latentsToPixels(latents: Latents, map: LatentToRgb): Pixels {
  const { channels, height, width } = latents
  const area = height * width
  const data = new Uint8Array(area * 3)
  for (let i = 0; i < area; i++)
    for (let colour = 0; colour < 3; colour++) {
      const weights = map[colour]
      let value = weights[channels]
      for (let channel = 0; channel < channels; channel++)
        value += weights[channel] * latents.data[channel * area + i]
      data[i * 3 + colour] = Math.min(255, Math.max(0, Math.round((value + 1) * 127.5)))
    }
  return { width, height, data }
}

function patchMean(
  rgb: Float32Array,
  colour: number,
  x: number,
  y: number,
  width: number,
  height: number,
  scale: number,
): number {
  const stride = width * scale
  let sum = 0
  for (let dy = 0; dy < scale; dy++)
    for (let dx = 0; dx < scale; dx++)
      sum += rgb[(colour * height * scale + y * scale + dy) * stride + x * scale + dx]
  return Math.min(1, Math.max(-1, sum / scale ** 2))
}

/** Gaussian elimination with partial pivoting on a symmetric system, ridged so that it always has an answer. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  const rows = Array.from({ length: size }, (_, row) =>
    Float64Array.from({ length: size + 1 }, (_, column) =>
      column === size ? right[row] : matrix[row * size + column] + (row === column ? 1e-6 : 0),
    ),
  )
  for (let pivot = 0; pivot < size; pivot++) {
    const best = rows
      .slice(pivot)
      .reduce((b, row, i) => (Math.abs(row[pivot]) > Math.abs(rows[b][pivot]) ? pivot + i : b), pivot)
    ;[rows[pivot], rows[best]] = [rows[best], rows[pivot]]
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const factor = rows[row][pivot] / rows[pivot][pivot]
      for (let column = pivot; column <= size; column++) rows[row][column] -= factor * rows[pivot][column]
    }
  }
  return Float64Array.from({ length: size }, (_, i) => rows[i][size] / rows[i][i])
}
