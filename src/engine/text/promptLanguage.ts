import { extractTags, stripComments } from '../../shared/prompt/promptTags.ts'
import type { SeedConvention } from '../../shared/request/request.ts'
import { promptChunks, type Chunk, type EmbeddingName } from './chunks.ts'
import { comfyChunks, interpolateEmphasis } from './comfyPrompt.ts'
import { applyEmphasis } from './emphasis.ts'
import { composePrompt, type ComposedPrompt } from './prompt.ts'
import { promptSchedule, type ScheduledText } from './promptSchedule.ts'
import type { TextCleaning } from './textCleaning.ts'
import type { Tokenizer } from './tokenizer.ts'

/** How a prompt is read: what its brackets, words in capitals and length mean. */
export interface PromptLanguage {
  /** How text is cleaned before it becomes tokens. */
  cleaning: TextCleaning
  /** The text without comments and tags. */
  plain(prompt: string): string
  /** The prompts that a prompt joins. */
  compose(text: string): ComposedPrompt[]
  /** What a text says over the steps of a pass, before which there were others. */
  schedule(text: string, steps: number, stepsBefore: number): ScheduledText[]
  chunks(tokenizer: Tokenizer, text: string, embeddings: readonly EmbeddingName[]): Chunk[]
  /** Hidden states [tokens, width] of a chunk with its weights; `empty` are those of no text. */
  emphasise(
    hidden: Float32Array,
    weights: readonly number[],
    width: number,
    empty: Float32Array,
  ): Float32Array
}

const automatic1111: PromptLanguage = {
  cleaning: 'openai',
  plain: (prompt) => extractTags(stripComments(prompt)).text,
  compose: composePrompt,
  schedule: (text, steps, stepsBefore) => promptSchedule(text, steps, { stepsBefore }),
  chunks: (tokenizer, text, embeddings) => promptChunks(tokenizer, text, { embeddings }),
  emphasise: (hidden, weights, width) => applyEmphasis(hidden, weights, width),
}

const comfy: PromptLanguage = {
  cleaning: 'transformers',
  plain: (prompt) => prompt,
  compose: (text) => [{ text, weight: 1 }],
  schedule: (text, steps) => [{ until: steps, text }],
  chunks: comfyChunks,
  emphasise: (hidden, weights, width, empty) => interpolateEmphasis(hidden, empty, weights, width),
}

/** AUTOMATIC1111's language, except where the picture shall be the one that ComfyUI makes. */
export const promptLanguage = (convention: SeedConvention): PromptLanguage =>
  convention === 'ComfyUI' ? comfy : automatic1111
