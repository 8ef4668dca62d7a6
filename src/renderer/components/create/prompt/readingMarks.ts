import type { PromptReading, PromptWord } from '../../../../shared/calls/promptCalls.ts'
import type { Span } from './promptSyntax.ts'

/** A word of the prompt that the tokenizer cuts. */
export interface BrokenWord {
  from: number
  to: number
  pieces: string[]
}

/** Where in a prompt, as it was written, is what the model reads. */
export interface ReadingMarks {
  /** Where the second and every further chunk begins. */
  chunkStarts: number[]
  broken: BrokenWord[]
  embeddings: { from: number; to: number }[]
  /** From where on nothing is read; null: all is. */
  unreadFrom: number | null
}

/** Finds the words that a model reads in the text that they come from, one after the other. */
export function readingMarks(text: string, spans: readonly Span[], reading: PromptReading): ReadingMarks {
  const plain = onlyWords(text, spans)
  const marks: ReadingMarks = { chunkStarts: [], broken: [], embeddings: [], unreadFrom: null }
  const known = new Set<number>()
  reading.texts.forEach((chunks, index) => {
    let cursor = 0
    let tokens = 0
    for (const [number, chunk] of chunks.entries()) {
      let begins = number > 0
      for (const word of chunk) {
        tokens += word.pieces.length
        const from = findWord(plain, word.text.toLowerCase(), cursor)
        if (from < 0) continue
        cursor = from + word.text.length
        if (index === 0 && begins) marks.chunkStarts.push(from)
        begins = false
        if (index === 0 && reading.limit !== null && tokens > reading.limit) marks.unreadFrom ??= from
        if (known.has(from)) continue
        known.add(from)
        if (word.isEmbedding) marks.embeddings.push({ from, to: cursor })
        else if (isBroken(word)) marks.broken.push({ from, to: cursor, pieces: word.pieces })
      }
    }
  })
  return marks
}

const isBroken = ({ text, pieces }: PromptWord): boolean => pieces.length > 1 && /\p{L}/u.test(text)

/** The text in small letters, with a mark in place of whatever is not a word of it. */
function onlyWords(text: string, spans: readonly Span[]): string {
  const characters = Array.from(text, (character) => {
    const small = character.toLowerCase()
    return small.length === character.length ? small : character
  })
  const units = characters.join('').split('')
  for (const { from, to, kind } of spans)
    if (kind !== 'stray') units.fill('\0', from, kind === 'escape' ? from + 1 : to)
  return units.join('')
}

const letter = /\p{L}/u

/** Where a word stands by itself, at or behind a place; -1: nowhere. */
function findWord(plain: string, word: string, from: number): number {
  if (word === '') return -1
  const inside = (at: number): boolean =>
    (letter.test(word[0]) && at > 0 && letter.test(plain[at - 1])) ||
    (letter.test(word.at(-1)!) && letter.test(plain[at + word.length] ?? ''))
  // Scripts without spaces have words within words.
  const isUnspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]/u.test(word)
  let at = plain.indexOf(word, from)
  while (at >= 0 && !isUnspaced && inside(at)) at = plain.indexOf(word, at + 1)
  return at
}
