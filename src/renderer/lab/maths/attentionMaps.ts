import type { Attention, AttentionText, AttentionWord, MapSize } from '../../../shared/calls/insideCalls.ts'

/** A word with its place among the tokens of its text. */
export interface PlacedWord extends AttentionWord {
  chunk: number
  /** Its first token, counted over all chunks. */
  from: number
}

/** Of the prompt; what begins and ends a chunk is none. */
export const isWord = ({ kind }: PlacedWord): boolean => kind === 'word'

/** The words of all chunks in their order. */
export function placedWords({ chunks }: AttentionText): PlacedWord[] {
  let from = 0
  return chunks.flatMap((words, chunk) =>
    words.map((word) => {
      const placed = { ...word, chunk, from }
      from += word.tokens.length
      return placed
    }),
  )
}

/** The steps of a run in numbers: for every read the text and, for every size, maps [tokens, pixels]. */
export interface SeenAttention extends Omit<Attention, 'steps'> {
  steps: { sigma: number; timestep: number; reads: { text: number; maps: Float32Array[] }[] }[]
}

const pixelsOf = ({ height, width }: MapSize): number => height * width

/** Where some tokens of a text were looked at in one read, on one size: the sum over them, [pixels]. */
function mapOfTokens(maps: Float32Array, pixels: number, from: number, count: number): Float32Array {
  const sum = new Float32Array(pixels)
  for (let token = from; token < from + count; token++)
    for (let i = 0; i < pixels; i++) sum[i] += maps[token * pixels + i]
  return sum
}

export interface Wanted {
  text: number
  from: number
  count: number
  /** Steps, counted from 0, that the mean is taken of; those that read another text are left out. */
  steps: readonly number[]
  /** Which of the sizes; null: all, enlarged to the finest, on the mean. */
  size: number | null
}

/** Where tokens were looked at, on the mean over steps (and sizes): shares of the attention of every pixel. */
export function meanMap({ sizes, steps }: SeenAttention, wanted: Wanted): Float32Array {
  const used = wanted.size === null ? sizes.map((_, index) => index) : [wanted.size]
  const target = sizes[wanted.size ?? 0]
  const mean = new Float32Array(pixelsOf(target))
  const reads = wanted.steps.flatMap((step) => steps[step].reads.filter(({ text }) => text === wanted.text))
  for (const { maps } of reads)
    for (const index of used) {
      const map = mapOfTokens(maps[index], pixelsOf(sizes[index]), wanted.from, wanted.count)
      for (let i = 0; i < mean.length; i++)
        mean[i] += map[nearest(i, target, sizes[index])] / (reads.length * used.length)
    }
  return mean
}

/** The pixel of a coarser picture that lies under a pixel of a finer one. */
function nearest(i: number, fine: MapSize, coarse: MapSize): number {
  const row = Math.floor((Math.floor(i / fine.width) * coarse.height) / fine.height)
  const column = Math.floor(((i % fine.width) * coarse.width) / fine.width)
  return row * coarse.width + column
}

/** How unevenly a map lies over the picture: its standard deviation over its mean. 0 is flat. */
export function unevenness(map: Float32Array): number {
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length
  const variance = map.reduce((sum, value) => sum + (value - mean) ** 2, 0) / map.length
  return mean > 0 ? Math.sqrt(variance) / mean : 0
}

/**
 * Below this unevenness of the finest maps, on the mean over all steps, they count as flat. With the included model words
 * for things lie above 1, for colours and places above 0.45, and what it never learnt ("masterpiece", "quality") below.
 */
const flatBelow = 0.3

type Tokens = Omit<Wanted, 'steps' | 'size'>

/** How unevenly tokens were looked at: on the finest maps, on the mean over all steps. */
export function overallUnevenness(seen: SeenAttention, tokens: Tokens): number {
  const steps = seen.steps.map((_, step) => step)
  return unevenness(meanMap(seen, { ...tokens, steps, size: 0 }))
}

/** Whether nothing in the picture was looked at through these tokens much more than anything else. */
export const isFlat = (seen: SeenAttention, tokens: Tokens): boolean =>
  overallUnevenness(seen, tokens) < flatBelow

export const meanOf = (map: Float32Array): number => map.reduce((sum, value) => sum + value, 0) / map.length
