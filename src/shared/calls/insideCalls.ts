import { z } from 'zod'
import type { Phase } from '../queue/jobs.ts'
import type { PackedNumbers } from './labCalls.ts'

/**
 * The part of the studio's contract that looks inside a model's U-Net while a picture is run again. Nothing of it is
 * kept, and each call makes way for jobs and for the next look: it then answers null. Throws `unsupported-model` where the
 * network cannot be looked into.
 */

/** Most skip connections that a U-Net has. */
const mostSkips = 64

/** The same network with some of what it hands over weakened. */
const dialsSchema = z.object({
  /** A factor of every skip connection, counted from 0 on the way down; those that are missing are 1. */
  skips: z.array(z.number().min(0).max(2)).max(mostSkips).default([]),
  /** FreeU's b and s (Si et al. 2023) of the first two stages of the way up. */
  freeU: z
    .object({
      b: z.tuple([z.number().min(0).max(3), z.number().min(0).max(3)]),
      s: z.tuple([z.number().min(0).max(3), z.number().min(0).max(3)]),
    })
    .default({ b: [1, 1], s: [1, 1] }),
})

/** See `dialsSchema`. */
export type UnetDials = z.output<typeof dialsSchema>

const imageSchema = z.object({ imageId: z.string().max(200) })
const unetRunSchema = imageSchema.extend({
  dials: dialsSchema.default({ skips: [], freeU: { b: [1, 1], s: [1, 1] } }),
  /** The block whose activations are seen; null: none are. */
  block: z.string().max(200).nullable().default(null),
})

/** Words of a prompt as the network was told them: a chunk begins with its start, and its end and padding are one. */
export interface AttentionWord {
  kind: 'start' | 'word' | 'end'
  text: string
  /** The pieces that the tokenizer cut it into. */
  tokens: string[]
}

/** One of the prompts joined by AND, as it reads for some of the steps. */
export interface AttentionText {
  weight: number
  /** 77 tokens each. */
  chunks: AttentionWord[][]
}

export interface MapSize {
  height: number
  width: number
}

export interface AttentionStep {
  sigma: number
  timestep: number
  /** Nothing where the prediction was forecast from those before. */
  reads: AttentionRead[]
}

/** One evaluation under a prompt. */
export interface AttentionRead {
  /** Which of the texts. */
  text: number
  /**
   * For every size [tokens, height, width], the tokens of all words in their order: where each was looked at, on the mean
   * over heads and layers. At every pixel they sum to 1.
   */
  maps: PackedNumbers[]
}

/** Which words a picture's run looked at where. */
export interface Attention {
  /** The finest first. */
  sizes: MapSize[]
  /** Finer maps than those were left out, as they would not have fitted into memory. */
  reduced: boolean
  /** How many text encoders say something at every token. */
  encoders: number
  texts: AttentionText[]
  steps: AttentionStep[]
}

/** A block of a U-Net as it runs. */
export interface DrawnBlock {
  /** Its name in the naming of diffusers. */
  name: string
  channels: number
  height: number
  width: number
  /** `cross`: the text enters here; `pixels`: pixels look at each other. */
  attention: 'none' | 'cross' | 'pixels'
  /** The skip connection that it begins, and the one that it reads. */
  gives: number | null
  takes: number | null
  /** Numbers it was trained with. */
  parameters: number
  /** What it takes in one evaluation; null where it was not measured. */
  ms: number | null
}

/** A U-Net from the graph that is opened for a picture. */
export interface UnetDrawing {
  blocks: DrawnBlock[]
  skips: number
  parameters: number
  /** What all of an evaluation takes; null where it was not measured. */
  ms: number | null
  /** The weights stay in their file and are widened in every evaluation: the times are with that. */
  fromFile: boolean
  family: string
}

/** Some channels of a block at a step [channels, height, width]. */
export interface SeenActivation {
  sigma: number
  timestep: number
  channels: number[]
  height: number
  width: number
  /** In float16. */
  data: PackedNumbers
}

export interface UnetRun {
  /** The address of the picture. */
  url: string
  /** One a prediction; none where no block was asked for. */
  activations: SeenActivation[]
}

export interface InsideCalls {
  attention(asked: z.input<typeof imageSchema>): Promise<Attention | null>
  /** The U-Net of a picture's model at its size; measured where it runs on the CPU. */
  unetDrawing(asked: z.input<typeof imageSchema>): Promise<UnetDrawing | null>
  /** Runs a picture's request again, first pass alone, through a U-Net that is turned by `dials`. */
  unetRun(asked: z.input<typeof unetRunSchema>): Promise<UnetRun | null>
  /** Ends the look that is under way. */
  stopLook(): Promise<void>
}

export const insideCallSchemas = {
  attention: z.tuple([imageSchema]),
  unetDrawing: z.tuple([imageSchema]),
  unetRun: z.tuple([unetRunSchema]),
  stopLook: z.tuple([]),
} as const

/** How far the look under way has come. */
export interface LookProgress {
  phase: Phase
  step: number
  steps: number
}
