import type { Chunk, EmbeddingName } from './chunks.ts'
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
 * two chunks, nor are the vectors of an embedding. ComfyUI 0.3.64, SDTokenizer.tokenize_with_weights.
 */
export function comfyChunks(
  tokenizer: Tokenizer,
  prompt: string,
  embeddings: readonly EmbeddingName[] = [],
): Chunk[] {
  const start = (): Chunk => ({ ids: [tokenizer.bos], weights: [1], embeddings: [] })
  const chunks = [start()]
  for (const { text, weight } of parseComfyEmphasis(prompt))
    for (const word of comfyWords(text, embeddings)) {
      const ids = typeof word === 'string' ? tokenizer.encode(word) : Array<number>(word.vectors).fill(0)
      const isLong = ids.length >= longestWord
      let done = 0
      while (done < ids.length) {
        const chunk = chunks.at(-1)!
        const room = chunkLength - 1 - chunk.ids.length
        const fits = ids.length - done <= room
        const taken = fits ? ids.slice(done) : isLong ? ids.slice(done, done + room) : []
        if (typeof word !== 'string' && taken.length > 0)
          chunk.embeddings.push({ name: word.name, at: chunk.ids.length, ...(done > 0 && { from: done }) })
        chunk.ids.push(...taken)
        chunk.weights.push(...taken.map(() => weight))
        done += taken.length
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
 * Cuts a text at the words `embedding:NAME`. A comma behind a name belongs to the text after it. Names of no embedding
 * say nothing, as in ComfyUI.
 */
function comfyWords(text: string, embeddings: readonly EmbeddingName[]): (string | EmbeddingName)[] {
  const [before, ...named] = text.split(/(?:^|[ \n])embedding:/)
  const words = named.flatMap((part) => {
    const [name = '', ...rest] = part.split(/\s+/).filter((word) => word !== '')
    const find = (wanted: string) => embeddings.find((embedding) => isCalled(embedding, wanted))
    const bare = name.replace(/^,+|,+$/g, '')
    const exact = find(name)
    const found = exact ?? find(bare)
    const behind = exact ? rest : [name.slice(bare.length), ...rest]
    const after = behind.join(' ').trimStart()
    return [...(found ? [found] : []), ...(after === '' ? [] : [after])]
  })
  return before === '' ? words : [before, ...words]
}

/** ComfyUI's users write a name with or without the file's ending, and case does not tell files apart everywhere. */
const isCalled = ({ name }: EmbeddingName, wanted: string): boolean =>
  name.toLowerCase() === wanted.toLowerCase().replace(/\.(safetensors|pt|bin)$/, '')

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
