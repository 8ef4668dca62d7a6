import { StudioError } from '../../shared/errors.ts'
import type { Widening } from '../model/networks/networks.ts'

/**
 * How much memory a run takes at its worst moment, and how it is arranged so that it fits. Everything in bytes.
 *
 * The engine's process holds, one above the other:
 * - `process`: Node, ONNX Runtime's library and what both allocate for themselves.
 * - weights of every open network, in the precision it is computed in;
 * - what a network takes while it is opened, for each part that is opened at once: weights are read from the file,
 *   widened, and the ones of convolutions copied into blocks (`opening` more than the weights);
 * - activations: what is alive at the worst moment of one evaluation, and what kernels take for themselves (`kernels`).
 *   Those of networks that stay open stay with their session, whose allocator keeps what it took, in pieces larger than
 *   what was asked for (`arena`).
 */
export const measured = {
  process: 150 * 2 ** 20,
  opening: 0.35,
  kernels: 1.12,
  arena: 2,
} as const

/** The networks of a run, in bytes of what they are computed in. */
export interface RunCosts {
  /** Weights of the text encoders; those that are `textStays` are kept open. */
  text: number
  textStays: boolean
  /** What the largest of them takes at work, where that is not little. */
  textAtWork: number
  /** The drawing, and the second pass over the enlarged picture. A batch takes no more: its pictures come one by one. */
  passes: readonly PassCosts[]
}

export interface PassCosts {
  unet: UnetCosts
  /** The U-Net that draws, where it stays open while one like it is looked into; null: there is no such. */
  beside: NetworkCosts | null
  /** ControlNets and T2I-Adapters: open as long as the U-Net, and before it. */
  controls: readonly ControlCosts[]
  decoder: PictureCosts
  /** null: no picture to start from, and none to encode for a second pass. */
  encoder: PictureCosts | null
  /** What enlarges the picture of this pass; null: nothing. */
  upscaler: NetworkCosts | null
  /** What stays in memory beside them all the time. */
  pictures: number
  /** What draws previews until the picture is decoded: a tiny VAE at work, or the decoder that a map was fitted to. */
  preview: number
}

export interface NetworkCosts {
  weights: number
  activations: number
  /** Its activations are given back after every run. */
  givesBack?: boolean
}

/** One of the autoencoder's networks. */
export interface PictureCosts extends NetworkCosts {
  /** The same in bands of rows, where a graphics card computes larger pictures whole than the CPU. */
  inBands?: NetworkCosts
}

export interface UnetCosts extends NetworkCosts {
  /** Weights of the parts it is opened in, one after the other. */
  parts: readonly number[]
  /** The same with weights that stay in their file; null where that is not worth it. */
  fromFile: NetworkCosts | null
  /** The same with two evaluations in one run; null or left out where that is not wanted. */
  together?: NetworkCosts | null
}

/** A ControlNet or a T2I-Adapter. */
export interface ControlCosts extends NetworkCosts {
  fromFile: NetworkCosts
}

export interface MemoryPlan {
  /** What the engine's process takes at its worst moment. */
  peakBytes: number
  /** When the weights of the U-Net become float32. */
  widening: Widening
  /** The U-Net and what steers it are let go before pictures are encoded or decoded, and opened anew for the next one. */
  unetMakesRoom: boolean
  /** Pictures are encoded and decoded in bands of rows on a graphics card too. */
  picturesInBands?: boolean
  /** The two evaluations of guidance are made in one run. */
  together?: boolean
}

/** The least that is given up for the run to fit into `available`; all that can be where it fits in no way. */
export function planMemory(costs: RunCosts, available: number): MemoryPlan {
  const canStay = costs.passes.every(({ unet }) => unet.fromFile !== null)
  const forms: readonly Widening[] = canStay ? ['beside the run', 'in the run'] : ['at opening']
  const last = forms.at(-1)!
  const together = costs.passes.every(({ unet }) => unet.together)
  const arrangements = [
    ...(together ? [{ widening: forms[0], unetMakesRoom: false, together }] : []),
    ...forms.map((widening) => ({ widening, unetMakesRoom: false })),
    { widening: last, unetMakesRoom: true },
  ]
  return firstThatFits(arrangements, (how) => peakBytes(costs, how), available)
}

export type Arrangement = Omit<MemoryPlan, 'peakBytes'>

/** The first arrangement that fits, else the last. */
export function firstThatFits(
  arrangements: readonly Arrangement[],
  peak: (how: Arrangement) => number,
  available: number,
): MemoryPlan {
  const plans = arrangements.map((how) => ({ ...how, peakBytes: peak(how) }))
  return plans.find((plan) => plan.peakBytes <= available) ?? plans.at(-1)!
}

/** Throws `out-of-memory` where a run cannot fit into what is available. */
export function requireMemory({ peakBytes }: Pick<MemoryPlan, 'peakBytes'>, available: number): void {
  if (peakBytes <= available) return
  throw new StudioError(
    'out-of-memory',
    `This run needs about ${gigabytes(peakBytes)} of memory, and ${gigabytes(available)} are free. Make the picture smaller, close other programs, or take a smaller model.`,
  )
}

export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

function peakBytes({ text, textStays, textAtWork, passes }: RunCosts, how: Arrangement): number {
  const { process, opening } = measured
  const first = passes[0]
  const encodingText = process + first.pictures + Math.max((1 + opening) * text, text + textAtWork)
  const rest = textStays ? text : 0
  return Math.max(encodingText, ...passes.map((pass) => process + rest + passPeak(pass, how, measured)))
}

/** The worst moment of a pass; `opening`: what weights take more while a network is opened. */
export function passPeak(
  pass: PassCosts,
  { widening, unetMakesRoom, picturesInBands = false, together = false }: Arrangement,
  { opening }: { opening: number },
): number {
  const { upscaler, pictures, preview } = pass
  const unet = { ...pass.unet, ...(together && pass.unet.together) }
  const inForm = (network: PictureCosts): NetworkCosts => (picturesInBands && network.inBands) || network
  const [decoder, encoder] = [inForm(pass.decoder), pass.encoder && inForm(pass.encoder)]
  const controls = widening === 'in the run' ? pass.controls.map(({ fromFile }) => fromFile) : pass.controls
  const steering = sum(controls.map(whileOpen))
  const openUnet = steering + unetPeak(unet, widening, opening)
  const beside = unetMakesRoom ? 0 : unet.givesBack ? unet.weights : openUnet
  const atWork = (network: NetworkCosts | null): number =>
    network ? network.weights + Math.max(opening * network.weights, network.activations) : 0
  return (
    pictures +
    (pass.beside ? whileOpen(pass.beside) : 0) +
    Math.max(
      preview + openUnet,
      openedInTurn(
        controls.map(({ weights }) => weights),
        opening,
      ),
      beside + atWork(decoder),
      beside + atWork(encoder),
      beside + decoder.weights + atWork(upscaler),
    )
  )
}

/** What a U-Net takes at the most from its opening on. Beside the run it may be opened as long as the quick one is there. */
function unetPeak(unet: UnetCosts, widening: Widening, opening: number): number {
  const fromFile = whileOpen(unet.fromFile ?? unet)
  if (widening === 'in the run') return fromFile
  const opened = openedInTurn(unet.parts, opening)
  return Math.max(whileOpen(unet), widening === 'beside the run' ? fromFile + opened : opened)
}

/** What a network takes as long as its session is there, or at work where it gives back. */
const whileOpen = ({ weights, activations, givesBack }: NetworkCosts): number =>
  weights + (givesBack ? 1 : measured.arena) * activations

/** The most that is taken while parts are opened one after the other. */
const openedInTurn = (parts: readonly number[], opening: number): number =>
  Math.max(0, ...parts.map((weights, index) => sum(parts.slice(0, index)) + (1 + opening) * weights))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
