import { byteSpelling, bytesBySpelling, mergePairs } from './bytePairs.ts'
import { cleanText, type TextCleaning } from './textCleaning.ts'

/**
 * CLIP's byte-pair encoding. Source: "Neural Machine Translation of Rare Words with Subword Units" (Sennrich et
 * al. 2016), section 3.2, over bytes, with the text cleaning of openai/CLIP's simple_tokenizer.py.
 */
export interface TokenizerFiles {
  /** Token to id, as in vocab.json. Tokens are bytes spelled as printable characters; `</w>` ends a word. */
  vocab: Record<string, number>
  /** "left right", the pair that merges first at the front, as in merges.txt without its version line. */
  merges: readonly string[]
  /** The token that fills a chunk after its end; `!` (id 0) for OpenCLIP encoders. Default: the end token. */
  pad?: string
}

export interface Tokenizer {
  /** The ids of a text, without start, end or padding. */
  encode(text: string): number[]
  /** The text that ids stand for, each word followed by a space. */
  decode(ids: readonly number[]): string
  readonly bos: number
  readonly eos: number
  readonly pad: number
  /** The id of a comma that ends a word: where a chunk may be broken. */
  readonly comma: number | undefined
}

const startToken = '<|startoftext|>'
const endToken = '<|endoftext|>'
const wordEnd = '</w>'
const wordPattern =
  /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu
const longestCachedWord = 40
const mostCachedWords = 50_000

/** A tokenizer over a vocabulary and its merges; pieces that the vocabulary lacks become its end token. */
export function openTokenizer(files: TokenizerFiles, cleaning: TextCleaning = 'openai'): Tokenizer {
  const ids = new Map(Object.entries(files.vocab))
  const tokens = new Map(Object.entries(files.vocab).map(([token, id]) => [id, token]))
  const ranks = new Map(files.merges.map((merge, rank) => [merge, rank]))
  const bos = ids.get(startToken) ?? 0
  const eos = ids.get(endToken) ?? 0
  const known = new Map<string, number[]>([
    [startToken, [bos]],
    [endToken, [eos]],
  ])

  function encodeWord(word: string): number[] {
    const cached = known.get(word)
    if (cached) return cached
    const pieces = mergePairs(spellBytes(word), ranks)
    const encoded = pieces.map((piece) => ids.get(piece) ?? eos)
    if (known.size >= mostCachedWords) known.clear()
    if (word.length <= longestCachedWord) known.set(word, encoded)
    return encoded
  }

  return {
    bos,
    eos,
    pad: files.pad === undefined ? eos : (ids.get(files.pad) ?? eos),
    comma: ids.get(`,${wordEnd}`),
    encode(text) {
      const encoded: number[] = []
      for (const part of cleanText(text, cleaning)) {
        for (const [word] of part.matchAll(wordPattern)) encoded.push(...encodeWord(word))
      }
      return encoded
    },
    decode: (encoded) => readBytes(encoded.map((id) => tokens.get(id) ?? '').join('')),
  }
}

function spellBytes(word: string): string[] {
  const pieces = [...Buffer.from(word, 'utf8')].map((byte) => byteSpelling[byte])
  pieces[pieces.length - 1] += wordEnd
  return pieces
}

function readBytes(spelled: string): string {
  const bytes: number[] = []
  for (const part of spelled.split(wordEnd)) {
    for (const character of part) bytes.push(bytesBySpelling.get(character) ?? 63)
    bytes.push(32)
  }
  return Buffer.from(bytes.slice(0, -1)).toString('utf8')
}
