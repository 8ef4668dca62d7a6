import { StudioError } from '../../shared/errors.ts'

/**
 * How much memory a run takes at its worst moment, and how it is arranged so that it fits. Everything in bytes.
 *
 * The engine's process holds, one above the other:
 * - `process`: Node, ONNX Runtime's library and what both allocate for themselves.
 * - weights of every open network, in the precision it is computed in;
 * - what a network takes while it is opened, for each part that is opened at once: weights are read from the file,
 *   widened, and the ones of convolutions copied into blocks (`opening` more than the weights);
 * - activations: what is alive at the worst moment of one evaluation, and what kernels take for themselves (`kernels`).
 *   Those of the U-Net stay with its session, whose allocator keeps what it took, in pieces larger than what was asked
 *   for (`arena`).
 */
export const measured = {
  process: 250 * 2 ** 20,
  opening: 0.35,
  kernels: 1.12,
  arena: 2,
} as const

/** The networks of a run, in bytes of what they are computed in. */
export interface RunCosts {
  /** Weights of the text encoders; those that are `textStays` are kept open. */
  text: number
  textStays: boolean
  unet: NetworkCosts
  /** The parts the U-Net is opened in, one after the other. */
  unetParts: readonly number[]
  decoder: NetworkCosts
  /** null: no picture to start from. */
  encoder: NetworkCosts | null
  /** What stays in memory beside them all the time: the pictures. */
  others: number
  /** What draws previews until the picture is decoded: a tiny VAE at work, or the decoder that a map was fitted to. */
  preview: number
}

export interface NetworkCosts {
  weights: number
  activations: number
}

export interface MemoryPlan {
  /** What the engine's process takes at its worst moment. */
  peakBytes: number
  /** The U-Net is let go before pictures are encoded or decoded, and opened anew for the next one. */
  unetMakesRoom: boolean
}

/** The least that is given up for the run to fit into `available`; all that can be where it fits in no way. */
export function planMemory(costs: RunCosts, available: number): MemoryPlan {
  const asUsual = { peakBytes: peakBytes(costs, false), unetMakesRoom: false }
  if (asUsual.peakBytes <= available) return asUsual
  return { peakBytes: peakBytes(costs, true), unetMakesRoom: true }
}

/** Throws `out-of-memory` where a run cannot fit into what is available. */
export function requireMemory({ peakBytes }: MemoryPlan, available: number): void {
  if (peakBytes <= available) return
  throw new StudioError(
    'out-of-memory',
    `This run needs about ${gigabytes(peakBytes)} of memory, and ${gigabytes(available)} are free. Make the picture smaller, close other programs, or take a smaller model.`,
  )
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

function peakBytes(costs: RunCosts, unetMakesRoom: boolean): number {
  const { text, textStays, unet, unetParts, decoder, encoder, others, preview } = costs
  const { process, opening, arena } = measured
  const base = process + others + (textStays ? text : 0)
  const openUnet = unet.weights + arena * unet.activations
  const beside = unetMakesRoom ? 0 : openUnet
  const network = ({ weights, activations }: NetworkCosts): number =>
    weights + Math.max(opening * weights, activations)
  const parts = unetParts.map((weights, index) => {
    const opened = unetParts.slice(0, index).reduce((sum, part) => sum + part, 0)
    return opened + (1 + opening) * weights
  })
  return Math.max(
    process + others + preview + (1 + opening) * text,
    base + preview + Math.max(openUnet, ...parts),
    base + beside + network(decoder),
    base + beside + (encoder ? network(encoder) : 0),
  )
}
