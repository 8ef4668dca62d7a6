import { parseEmphasis } from './emphasis.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What the text encoder sees at once: 77 ids (start, up to 75 of the prompt, end, padding) and their weights. */
export interface Chunk {
  ids: number[]
  weights: number[]
  /** Textual inversion: from which id on whose vectors stand for tokens. The ids there are 0. */
  embeddings: PlacedEmbedding[]
}

export interface PlacedEmbedding {
  name: string
  at: number
  /** How many of its vectors stand in chunks before this one. */
  from?: number
}

/** A textual inversion embedding: the word that calls it, and how many tokens it stands for. */
export interface EmbeddingName {
  name: string
  vectors: number
}

export interface ChunkOptions {
  /** How many tokens back a comma may lie for the text after it to move on. 0: never. */
  commaBacktrack?: number
  embeddings?: readonly EmbeddingName[]
}

/** Tokens of a prompt in a chunk. */
export const chunkLength = 75

/**
 * Cuts a prompt into chunks of 75 tokens, never fewer than one. A chunk ends early at BREAK, and when it overflows
 * up to `commaBacktrack` tokens after its last comma move to the next. Words that name an embedding become its
 * place. AUTOMATIC1111 1.10.1, tokenize_line.
 */
export function promptChunks(
  tokenizer: Tokenizer,
  prompt: string,
  { commaBacktrack = 20, embeddings = [] }: ChunkOptions = {},
): Chunk[] {
  const chunks: Chunk[] = []
  let open = emptyChunk()
  let lastComma = -1
  const findEmbedding = embeddingFinder(tokenizer, embeddings)

  const endChunk = (keep = open.ids.length) => {
    const [kept, rest] = splitChunk(open, keep)
    chunks.push(closeChunk(tokenizer, kept))
    open = rest
    lastComma = -1
  }

  for (const { text, weight } of parseEmphasis(prompt)) {
    if (text === 'BREAK' && weight === -1) {
      endChunk()
      continue
    }
    const ids = tokenizer.encode(text)
    for (let position = 0; position < ids.length;) {
      const isFull = open.ids.length === chunkLength
      if (ids[position] === tokenizer.comma) lastComma = open.ids.length
      else if (isFull && lastComma >= 0 && chunkLength - lastComma <= commaBacktrack) endChunk(lastComma + 1)
      const found = findEmbedding(ids, position)
      const taken = found ? Array<number>(found.vectors).fill(0) : [ids[position]]
      if (open.ids.length + taken.length > chunkLength) endChunk()
      if (found) open.embeddings.push({ name: found.name, at: open.ids.length + 1 })
      open.ids.push(...taken)
      open.weights.push(...taken.map(() => weight))
      position += found ? found.ids.length : 1
    }
  }
  if (open.ids.length > 0 || chunks.length === 0) endChunk()
  return chunks
}

const emptyChunk = (): Chunk => ({ ids: [], weights: [], embeddings: [] })

function splitChunk({ ids, weights, embeddings }: Chunk, length: number): [Chunk, Chunk] {
  const isKept = ({ at }: { at: number }) => at <= length
  const moved = embeddings.filter((embedding) => !isKept(embedding))
  return [
    { ids: ids.slice(0, length), weights: weights.slice(0, length), embeddings: embeddings.filter(isKept) },
    {
      ids: ids.slice(length),
      weights: weights.slice(length),
      embeddings: moved.map(({ name, at }) => ({ name, at: at - length })),
    },
  ]
}

/** Finds the embedding whose name's tokens stand at a position, the longest name first. */
function embeddingFinder(tokenizer: Tokenizer, embeddings: readonly EmbeddingName[]) {
  const named = embeddings
    .filter(({ vectors }) => vectors > 0 && vectors <= chunkLength)
    .map((embedding) => ({ ...embedding, ids: tokenizer.encode(embedding.name) }))
    .filter(({ ids }) => ids.length > 0)
    .sort((a, b) => b.ids.length - a.ids.length)
  return (ids: readonly number[], position: number) =>
    named.find((embedding) => embedding.ids.every((id, index) => ids[position + index] === id))
}

/** Start, ids, end, and padding after the first end. */
function closeChunk({ bos, eos, pad }: Tokenizer, { ids, weights, embeddings }: Chunk): Chunk {
  const spare = chunkLength - ids.length
  const closed = [bos, ...ids, ...Array<number>(spare + 1).fill(eos)]
  return {
    ids: closed.fill(pad, closed.indexOf(eos) + 1),
    weights: [1, ...weights, ...Array<number>(spare + 1).fill(1)],
    embeddings,
  }
}
