import type { AttentionText, AttentionWord } from '../../shared/calls/insideCalls.ts'
import type { Model } from '../model/model.ts'
import type { Opened } from '../predictions.ts'
import type { Chunk } from '../text/chunks.ts'
import { promptLanguage } from '../text/promptLanguage.ts'
import { wordsOfChunk } from '../text/promptWords.ts'
import { readPrompt } from '../text/readPrompt.ts'
import type { ResolvedRequest } from '../../shared/request/request.ts'
import type { Tokenizer } from '../text/tokenizer.ts'

/** Tokens in a chunk. */
export const chunkTokens = 77

/** For each of the prompts joined by AND, what it says up to and including which evaluation, from 1. */
export type ReadWords = { until: number; words: AttentionText }[][]

/**
 * The prompts of a request in words. Where there are two text encoders, both cut a text into the same tokens, and what
 * they make of a token stands side by side at its place: the words are the first one's.
 */
export function readWords(
  { model, tokenizers }: Opened,
  { prompt, prompt2, seedConvention }: ResolvedRequest,
  evaluations: number,
): ReadWords {
  const language = promptLanguage(seedConvention)
  const reader = { model, tokenizers, language, evaluations, evaluationsBefore: 0 }
  const [tokenizer] = tokenizers
  const [empty] = language.chunks(tokenizer, '', [])
  return readPrompt(reader, prompt, prompt2, false).map(({ weight, windows, texts }) =>
    texts.map(({ until, chunks: [chunks] }) => ({
      until,
      words: {
        weight,
        chunks: Array.from({ length: windows }, (_, i) => wordsOf(chunks[i] ?? empty, tokenizer, model)),
      },
    })),
  )
}

/** The words of a chunk: its start, what the prompt says, and its end with all that fills it up. */
const wordsOf = (chunk: Chunk, tokenizer: Tokenizer, { embeddings }: Model): AttentionWord[] => [
  { kind: 'start', text: '', tokens: [''] },
  ...wordsOfChunk(chunk, tokenizer, embeddings).map(({ text, pieces }) => ({
    kind: 'word' as const,
    text,
    tokens: pieces,
  })),
  { kind: 'end', text: '', tokens: [''] },
]
