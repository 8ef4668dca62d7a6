import type { AttentionText, AttentionWord } from '../../shared/insideCalls.ts'
import type { Model } from '../model/model.ts'
import type { Chunk } from '../text/chunks.ts'
import { promptLanguage } from '../text/promptLanguage.ts'
import { readPrompt, type ReadPrompt, type ReadText } from '../text/readPrompt.ts'
import type { ResolvedRequest } from '../../shared/request.ts'
import type { Tokenizer } from '../text/tokenizer.ts'

/** Tokens in a chunk. */
export const chunkTokens = 77

/** The prompts of a request as the first text encoder is told them; where there are two, their tokens stand side by side. */
export function readWords(
  model: Model,
  tokenizers: readonly Tokenizer[],
  { prompt, prompt2, seedConvention }: ResolvedRequest,
  evaluations: number,
): { prompts: ReadPrompt[]; words(prompt: ReadPrompt, text: ReadText): AttentionText } {
  const language = promptLanguage(seedConvention)
  const reader = { model, tokenizers, language, evaluations, evaluationsBefore: 0 }
  const [tokenizer] = tokenizers
  const [empty] = language.chunks(tokenizer, '', [])
  return {
    prompts: readPrompt(reader, prompt, prompt2, false),
    words: ({ weight, windows }, { chunks: [chunks] }) => ({
      weight,
      chunks: Array.from({ length: windows }, (_, i) => wordsOf(chunks[i] ?? empty, tokenizer, model)),
    }),
  }
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
