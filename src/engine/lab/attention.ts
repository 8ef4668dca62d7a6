import { isDeepStrictEqual } from 'node:util'
import { withPromptsOf } from '../../shared/request/batch.ts'
import { legsOf } from '../../shared/request/legs.ts'
import type { EngineTask } from '../../shared/engine/engineContract.ts'
import type { EngineAttention, Prediction } from '../../shared/engine/engineLooks.ts'
import { StudioError } from '../../shared/errors.ts'
import type { AttentionText, MapSize } from '../../shared/calls/insideCalls.ts'
import type { UnetBlock } from '../graph/unet/look.ts'
import { paint, type Stage, type Subject } from '../pipeline.ts'
import { planSampling } from '../plan/sampling.ts'
import type { Opened } from '../predictions.ts'
import { textAt } from '../text/readPrompt.ts'
import { sampledModel } from '../turns.ts'
import { chunkTokens, readWords, type ReadWords } from './attentionWords.ts'
import { lookedInto, type Seen } from './lookedModel.ts'

/** Which words of a prompt were looked at where: cross-attention (Rombach et al. 2022, section 3.3), evaluation by evaluation. */

/** Bytes of float16 that the maps of a run may take. */
const mostBytes = 2 ** 25

/** The sizes of a U-Net's maps, the finest first. Throws `unsupported-model` where it reads no text. */
export function mapSizes(blocks: readonly UnetBlock[]): MapSize[] {
  const sizes = new Map<string, MapSize>()
  for (const { attention, height, width } of blocks)
    if (attention === 'cross') sizes.set(`${height}x${width}`, { height, width })
  if (sizes.size === 0)
    throw new StudioError('unsupported-model', 'This model reads no text, so no word is looked at anywhere.')
  return [...sizes.values()].sort((a, b) => pixelsOf(b) - pixelsOf(a))
}

export const pixelsOf = ({ height, width }: MapSize): number => height * width

interface Looking {
  /** Of the maps that are wanted, the finest first. */
  sizes: readonly MapSize[]
  stopIfCancelled: () => void
  tell: (stage: Stage) => void
}

/**
 * The first pass of a task's first image, with maps of these sizes, or of fewer where they would be too many numbers. `open`
 * gives the model of each leg of a branch.
 */
export async function attentionOf(
  open: (leg: number) => Promise<Opened>,
  { request: asked, initImage, mask, controls }: EngineTask,
  { sizes: wanted, stopIfCancelled, tell }: Looking,
): Promise<Omit<EngineAttention, 'reduced'>> {
  const request = { ...withPromptsOf(asked, 0), hires: null }
  const legs = legsOf(request)
  const first = await open(0)
  const { evaluations } = planSampling(legs[0].request, sampledModel(first.model))
  // Another leg's model may know other words, and hardly another number of them.
  const readings = legs.map((leg) => readWords(first, leg.request, evaluations))
  const sizes = fewEnough(wanted, readings, evaluations)

  const texts: AttentionText[] = []
  const placed = (words: ReadWords) =>
    words.map((said) => said.map(({ until, words: text }) => ({ until, text: placeOf(text, texts) })))
  let reading = placed(readings[0])
  let seen: Seen[] = []
  const look = { attentionPixels: pixelsOf(sizes[0]), block: null, dials: false }
  const lookInto = ({ model, tokenizers }: Opened): Opened => ({
    model: lookedInto(model, look, (maps) => seen.push(maps)),
    tokenizers,
  })
  const steps: EngineAttention['steps'] = []
  const watch = ({ sigma, timestep }: Prediction): void => {
    // Guidance asks the network for the negative prompt first; what was forecast it was not asked for at all.
    const reads = seen.slice(-reading.length).map((maps, index) => {
      const { text } = textAt(reading[index], steps.length)
      const counted = (size: MapSize): Float32Array =>
        mapsOfTokens(maps[nameOf(size)], pixelsOf(size), texts[text])
      return { text, maps: sizes.map(counted) }
    })
    steps.push({ sigma, timestep, reads })
    seen = []
  }
  const subject: Subject = {
    ...{ request, index: 0, initImage, mask, controls, watch },
    async open(leg) {
      const opened = await open(leg)
      reading = placed(readWords(opened, legs[leg].request, evaluations))
      return lookInto(opened)
    },
  }
  const { model, tokenizers } = lookInto(first)
  for await (const stage of paint(model, tokenizers, subject, stopIfCancelled)) {
    tell(stage)
    if (stage.finished) return { sizes, texts, steps, encoders: tokenizers.length }
  }
  throw new Error('A painting ended before its latents were finished.')
}

/** Where a text stands in a list, at whose end it is put if it is not there. */
function placeOf(text: AttentionText, texts: AttentionText[]): number {
  const place = texts.findIndex((known) => isDeepStrictEqual(known, text))
  return place === -1 ? texts.push(text) - 1 : place
}

const nameOf = ({ height, width }: MapSize): string => `attention.${height}x${width}`

/** Sizes without the finest, as many as need be. */
function fewEnough(wanted: readonly MapSize[], legs: readonly ReadWords[], evaluations: number): MapSize[] {
  const counts = legs.flat(2).map(({ words }) => tokenCounts(words).reduce((sum, count) => sum + count, 0))
  const reads = evaluations * Math.max(...legs.map(({ length }) => length))
  const bytes = (sizes: readonly MapSize[]): number =>
    2 * reads * Math.max(...counts) * sizes.reduce((sum, size) => sum + pixelsOf(size), 0)
  const first = wanted.findIndex((_, index) => bytes(wanted.slice(index)) <= mostBytes)
  return wanted.slice(first === -1 ? -1 : first)
}

const tokenCounts = ({ chunks }: AttentionText): number[] =>
  chunks.map((words) => words.reduce((sum, { tokens }) => sum + tokens.length, 0))

/**
 * Maps [pixels, context tokens] as [tokens, pixels]. A context may be its text several times over, and the end of a chunk
 * is all that fills it up: they are summed.
 */
function mapsOfTokens(map: Float32Array, pixels: number, text: AttentionText): Float32Array {
  const counts = tokenCounts(text)
  const places = counts.flatMap((count, chunk) => {
    const before = counts.slice(0, chunk).reduce((sum, tokens) => sum + tokens, 0)
    return Array.from({ length: chunkTokens }, (_, at) => before + Math.min(at, count - 1))
  })
  const tokens = counts.reduce((sum, count) => sum + count, 0)
  const rows = map.length / pixels
  const out = new Float32Array(tokens * pixels)
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let row = 0; row < rows; row++)
      out[places[row % places.length] * pixels + pixel] += map[pixel * rows + row]
  return out
}
