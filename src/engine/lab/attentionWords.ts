import type { AttentionText, AttentionWord } from '../../shared/insideCalls.ts'
import type { Model } from '../model/model.ts'
import type { Opened } from '../predictions.ts'
import type { Chunk } from '../text/chunks.ts'
import { promptLanguage } from '../text/promptLanguage.ts'
import { readPrompt } from '../text/readPrompt.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
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
function wordsOf({ ids, embeddings }: Chunk, tokenizer: Tokenizer, model: Model): AttentionWord[] {
  const end = ids.indexOf(tokenizer.eos, 1)
  const words: AttentionWord[] = []
  let open: number[] = []
  const endWord = (): void => {
    if (open.length === 0) return
    const tokens = open.map((id) => tokenizer.decode([id]).trim())
    words.push({ kind: 'word', text: tokenizer.decode(open).trim(), tokens })
    open = []
  }
  for (let at = 1; at < end;) {
    const embedding = embeddings.find((placed) => placed.at === at)
    if (embedding) {
      endWord()
      const { name, from = 0 } = embedding
      const { vectors } = model.embeddings.find(({ names }) => names.includes(name))!
      const count = Math.min(vectors - from, end - at)
      words.push({
        kind: 'word',
        text: name,
        tokens: Array.from({ length: count }, (_, i) => `${name} ${i + 1}`),
      })
      at += count
      continue
    }
    open.push(ids[at])
    // A piece with a space behind it ends its word.
    if (tokenizer.decode([ids[at]]).endsWith(' ')) endWord()
    at++
  }
  endWord()
  return [{ kind: 'start', text: '', tokens: [''] }, ...words, { kind: 'end', text: '', tokens: [''] }]
}
