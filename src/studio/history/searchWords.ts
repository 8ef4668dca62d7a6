import { foldText } from '../../shared/pictureQuery/foundWords.ts'

/**
 * The words of a prompt as the search knows them. SQLite's own tokenizers take a sentence in Chinese for one word and
 * leave out emoji, so prompts are cut here, and the index (FTS5, tokenizer "ascii") only splits at spaces.
 *
 *   letters and digits   one word, folded: no accents, no capitals, full-width forms as ordinary ones (NFKC)
 *   unspaced scripts     every character, and every pair of neighbours: any part of the text is a chain of pairs
 *   symbols and emoji    one word each, without skin tones and joiners; a flag is its two letters, and their pair
 */

/** Cuts a prompt into the words for the index, separated by spaces. */
export function indexWords(prompt: string): string {
  const { words, runs } = cut(prompt)
  const characters = runs.flatMap((run) => [...run])
  const pairs = runs.map(pairsOf).flatMap((chain) => (chain.length ? [...chain, runEnd] : []))
  return [...new Set([...words, ...characters]), ...pairs].join(' ')
}

/** A search in the syntax of FTS5, and how many doclists it has to read. */
export interface WordQuery {
  match: string
  terms: number
}

/**
 * The search for pictures whose prompt has all words of the text, the last one by its beginning where the text ends
 * with it. null: the text has no words, so nothing can be found.
 */
export function wordQuery(text: string): WordQuery | null {
  const { words, runs, endsInWord } = cut(text)
  const begun = endsInWord ? words.at(-1)! : null
  const whole = new Set(begun === null ? words : words.slice(0, -1))
  const phrases = runs.map((run) => (pairsOf(run).length ? pairsOf(run) : [run]))
  // Each word quoted: what a person types is never read as FTS5 syntax.
  const terms = [
    ...[...whole].map((word) => `"${word}"`),
    ...new Set(phrases.map((phrase) => `"${phrase.join(' ')}"`)),
    ...(begun === null ? [] : [`"${begun}"*`]),
  ]
  if (!terms.length) return null
  return { match: terms.join(' '), terms: whole.size + phrases.flat().length + (begun === null ? 0 : 1) }
}

/** A character that no text is cut into: keeps the last pair of one run from the first of the next. */
const runEnd = '·'

const unspacedScripts = ['Han', 'Hira', 'Kana', 'Bopo', 'Thai', 'Lao', 'Khmr', 'Mymr', 'Tibt', 'Yiii']
const letter = '[\\p{L}\\p{N}\\p{M}]'
const unspaced = `[[${unspacedScripts.map((script) => `\\p{scx=${script}}`).join('')}]&&${letter}]`
const symbol = '[[\\p{S}\\p{Extended_Pictographic}]--[\\p{ASCII}]]'
const piece = new RegExp(
  `(?<run>${unspaced}+|\\p{RI}+)|(?<word>[${letter}--${unspaced}]+)|(?<symbol>${symbol})`,
  'gv',
)

function cut(text: string): { words: string[]; runs: string[]; endsInWord: boolean } {
  const words: string[] = []
  const runs: string[] = []
  const folded = foldText(text)
  let wordEnd = -1
  for (const { groups, index } of folded.matchAll(piece)) {
    const { run, word, symbol } = groups as Record<string, string | undefined>
    if (run) runs.push(run)
    else words.push(word ?? symbol!)
    wordEnd = word ? index + word.length : -1
  }
  return { words, runs, endsInWord: wordEnd === folded.length }
}

function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.slice(1).map((character, at) => characters[at] + character)
}
