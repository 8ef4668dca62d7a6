import type { EngineAttention, EngineTask, Prediction } from '../../shared/engineContract.ts'
import { withPromptsOf } from '../../shared/batch.ts'
import { StudioError } from '../../shared/errors.ts'
import type { AttentionText, MapSize } from '../../shared/insideCalls.ts'
import type { UnetBlock } from '../graph/unet/look.ts'
import type { Model } from '../model/model.ts'
import { paint, type Stage } from '../pipeline.ts'
import { noiseSchedule } from '../plan/noiseSchedule.ts'
import { planSampling } from '../plan/sampling.ts'
import { textAt, type ReadText } from '../text/readPrompt.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import { chunkTokens, readWords } from './attentionWords.ts'
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

/** The first pass of a task's first image, with maps of these sizes, or of fewer where they would be too many numbers. */
export async function attentionOf(
  model: Model,
  tokenizers: readonly Tokenizer[],
  { request: asked, initImage, mask, controls }: EngineTask,
  { sizes: wanted, stopIfCancelled, tell }: Looking,
): Promise<Omit<EngineAttention, 'reduced'>> {
  const request = { ...withPromptsOf(asked, 0), hires: null }
  const plan = planSampling(request, { ...model, noiseSchedule: noiseSchedule(model.noiseSchedule) })
  const { prompts, words } = readWords(model, tokenizers, request, plan.evaluations)
  const told = new Map<ReadText, number>()
  const texts: AttentionText[] = []
  for (const prompt of prompts)
    for (const text of prompt.texts) {
      told.set(text, texts.length)
      texts.push(words(prompt, text))
    }
  const sizes = fewEnough(wanted, texts, plan.evaluations * prompts.length)

  const steps: EngineAttention['steps'] = []
  let seen: Seen[] = []
  const look = { attentionPixels: pixelsOf(sizes[0]), block: null, dials: false }
  const watch = ({ sigma, timestep }: Prediction): void => {
    // Guidance asks the network for the negative prompt first; what was forecast it was not asked for at all.
    const evaluations = seen.slice(-prompts.length)
    const reads = evaluations.map((maps, index) => {
      const text = told.get(textAt(prompts[index].texts, steps.length))!
      return {
        text,
        maps: sizes.map((size) => mapsOfTokens(maps[nameOf(size)], pixelsOf(size), texts[text])),
      }
    })
    steps.push({ sigma, timestep, reads })
    seen = []
  }
  const looked = lookedInto(model, look, (maps) => seen.push(maps))
  const subject = { request, index: 0, initImage, mask, controls, watch }
  for await (const stage of paint(looked, tokenizers, subject, stopIfCancelled)) {
    tell(stage)
    if (stage.finished) return { sizes, texts, steps }
  }
  throw new Error('A painting ended before its latents were finished.')
}

const nameOf = ({ height, width }: MapSize): string => `attention.${height}x${width}`

/** Sizes without the finest, as many as need be. */
function fewEnough(wanted: readonly MapSize[], texts: readonly AttentionText[], reads: number): MapSize[] {
  const tokens = Math.max(...texts.map((text) => tokenCounts(text).reduce((sum, count) => sum + count, 0)))
  const bytes = (sizes: readonly MapSize[]): number =>
    2 * reads * tokens * sizes.reduce((sum, size) => sum + pixelsOf(size), 0)
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
