import { parseEmphasis } from './emphasis.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What the text encoder sees at once: 77 ids (start, up to 75 of the prompt, end, padding) and their weights. */
export interface Chunk {
  ids: number[]
  weights: number[]
}

const chunkLength = 75

/**
 * Cuts a prompt into chunks of 75 tokens, never fewer than one. A chunk ends early at BREAK, and when it overflows
 * up to `commaBacktrack` tokens after its last comma move to the next. AUTOMATIC1111 1.10.1, tokenize_line.
 */
export function promptChunks(tokenizer: Tokenizer, prompt: string, { commaBacktrack = 20 } = {}): Chunk[] {
  const chunks: Chunk[] = []
  let ids: number[] = []
  let weights: number[] = []
  let lastComma = -1

  const endChunk = (keep = ids.length) => {
    chunks.push(closeChunk(tokenizer, ids.slice(0, keep), weights.slice(0, keep)))
    ids = ids.slice(keep)
    weights = weights.slice(keep)
    lastComma = -1
  }

  for (const { text, weight } of parseEmphasis(prompt)) {
    if (text === 'BREAK' && weight === -1) {
      endChunk()
      continue
    }
    for (const id of tokenizer.encode(text)) {
      const full = ids.length === chunkLength
      if (id === tokenizer.comma) lastComma = ids.length
      else if (full && lastComma >= 0 && ids.length - lastComma <= commaBacktrack) endChunk(lastComma + 1)
      if (ids.length === chunkLength) endChunk()
      ids.push(id)
      weights.push(weight)
    }
  }
  if (ids.length > 0 || chunks.length === 0) endChunk()
  return chunks
}

/** Start, ids, end, and padding after the first end. */
function closeChunk({ bos, eos, pad }: Tokenizer, ids: number[], weights: number[]): Chunk {
  const spare = chunkLength - ids.length
  const closed = [bos, ...ids, ...Array<number>(spare + 1).fill(eos)]
  return {
    ids: closed.fill(pad, closed.indexOf(eos) + 1),
    weights: [1, ...weights, ...Array<number>(spare + 1).fill(1)],
  }
}
