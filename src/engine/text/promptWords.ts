import type { PromptWord } from '../../shared/calls/promptCalls.ts'
import type { Embedding } from '../adapters/embeddingFile.ts'
import type { Chunk } from './chunks.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Tokens as the words that they were cut from. */

/** The words of a chunk of CLIP's, without its start, its end and what fills it up. An embedding is a word of its own. */
export function wordsOfChunk(
  { ids, embeddings }: Chunk,
  tokenizer: Tokenizer,
  known: readonly Embedding[],
): PromptWord[] {
  const end = ids.indexOf(tokenizer.eos, 1)
  const words: PromptWord[] = []
  let open: number[] = []
  const endWord = (): void => {
    if (open.length === 0) return
    const pieces = open.map((id) => tokenizer.decode([id]).trim())
    words.push({ text: tokenizer.decode(open).trim(), pieces })
    open = []
  }
  for (let at = 1; at < end;) {
    const embedding = embeddings.find((placed) => placed.at === at)
    if (embedding) {
      endWord()
      const { name, from = 0 } = embedding
      const { vectors } = known.find(({ names }) => names.includes(name))!
      const count = Math.min(vectors - from, end - at)
      const pieces = Array.from({ length: count }, (_, i) => `${name} ${i + 1}`)
      words.push({ text: name, pieces, isEmbedding: true })
      at += count
      continue
    }
    open.push(ids[at])
    // A piece with a space behind it ends its word.
    if (tokenizer.decode([ids[at]]).endsWith(' ')) endWord()
    at++
  }
  endWord()
  return words
}

/** The words of a text as a chat tokenizer has them, whose pieces begin with the space before a word. */
export function chatWords(ids: readonly number[], tokenizer: Tokenizer): PromptWord[] {
  const words: PromptWord[] = []
  let open: number[] = []
  for (const id of ids) {
    open.push(id)
    const piece = tokenizer.decode(open)
    // Of a character of several bytes each may be a token.
    if (piece.endsWith('\ufffd') && open.length < longestCharacter) continue
    open = []
    const last = words.at(-1)
    if (last && goesOn.test(piece) && endsInLetter.test(last.text)) {
      last.text += piece
      last.pieces.push(piece)
    } else words.push({ text: piece.trim(), pieces: [piece.trim()] })
  }
  return words
}

const longestCharacter = 4
// Of scripts without spaces every piece is a word.
const unspaced = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}`
const goesOn = new RegExp(`^[\\p{L}--[${unspaced}]]`, 'v')
const endsInLetter = new RegExp(`[\\p{L}--[${unspaced}]]$`, 'v')
