import type { Chunk } from './chunks.ts'
import type { WeightedText } from './emphasis.ts'
import type { Tokenizer } from './tokenizer.ts'

/**
 * ComfyUI's prompt language: ( ) and (text:1.3) only, an inner weight replaces the outer one, brackets that do not
 * close are text; no BREAK, AND or editing. ComfyUI 0.3.64, sd1_clip.token_weights on escaped text.
 */
export function parseComfyEmphasis(prompt: string): WeightedText[] {
  const escaped = prompt.replaceAll('\\)', closing).replaceAll('\\(', opening)
  return tokenWeights(escaped, 1, 0).map(({ text, weight }) => ({
    text: text.replaceAll(closing, ')').replaceAll(opening, '('),
    weight,
  }))
}

// Two characters that stand for an escaped bracket, as in ComfyUI itself.
const closing = '\0\x01'
const opening = '\0\x02'
const deepest = 500
const weightPattern = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

function tokenWeights(text: string, outer: number, depth: number): WeightedText[] {
  return splitGroups(text).flatMap((part) => {
    const isGroup = part.length >= 2 && part.startsWith('(') && part.endsWith(')')
    if (!isGroup || depth > deepest) return [{ text: part, weight: outer }]
    const inside = part.slice(1, -1)
    const colon = inside.lastIndexOf(':')
    const written = inside.slice(colon + 1)
    if (colon <= 0 || !weightPattern.test(written)) return tokenWeights(inside, outer * 1.1, depth + 1)
    return tokenWeights(inside.slice(0, colon), Number(written), depth + 1)
  })
}

/** Cuts a text before each outermost opening bracket and behind its closing one. */
function splitGroups(text: string): string[] {
  const parts: string[] = []
  let from = 0
  let level = 0
  const cut = (at: number) => {
    if (at > from) parts.push(text.slice(from, at))
    from = at
  }
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') {
      if (level === 0) cut(at)
      level++
    } else if (text[at] === ')') {
      level--
      if (level === 0) cut(at + 1)
    }
  }
  cut(text.length)
  return parts
}

const chunkLength = 77
const longestWord = 8

/**
 * The chunks of a prompt as ComfyUI cuts them: a text of one weight with fewer than 8 tokens is not divided between
 * two chunks. ComfyUI 0.3.64, SDTokenizer.tokenize_with_weights.
 */
export function comfyChunks(tokenizer: Tokenizer, prompt: string): Chunk[] {
  const start = (): Chunk => ({ ids: [tokenizer.bos], weights: [1], embeddings: [] })
  const chunks = [start()]
  for (const { text, weight } of parseComfyEmphasis(prompt)) {
    let ids = tokenizer.encode(text)
    const isLong = ids.length >= longestWord
    while (ids.length > 0) {
      const chunk = chunks.at(-1)!
      const room = chunkLength - 1 - chunk.ids.length
      const fits = ids.length <= room
      const taken = fits ? ids : isLong ? ids.slice(0, room) : []
      chunk.ids.push(...taken)
      chunk.weights.push(...taken.map(() => weight))
      ids = ids.slice(taken.length)
      if (!fits) chunks.push(start())
    }
  }
  return chunks.map(({ ids, weights, embeddings }) => {
    const spare = chunkLength - 1 - ids.length
    return {
      ids: [...ids, tokenizer.eos, ...Array<number>(spare).fill(tokenizer.pad)],
      weights: [...weights, ...Array<number>(spare + 1).fill(1)],
      embeddings,
    }
  })
}

/**
 * Moves the hidden states of each token away from those of the empty prompt by its weight. Both are row-major
 * [tokens, width]. ComfyUI 0.3.64, ClipTokenWeightEncoder.encode_token_weights.
 */
export function interpolateEmphasis(
  hidden: Float32Array,
  empty: Float32Array,
  weights: readonly number[],
  width: number,
): Float32Array {
  return hidden.map((value, index) => {
    const weight = weights[Math.floor(index / width)]
    const from = empty[index % empty.length]
    return weight === 1 ? value : (value - from) * weight + from
  })
}
