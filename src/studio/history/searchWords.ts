import { foldText } from '../../shared/pictureQuery/foundWords.ts'

/**
 * The words of a prompt as the search knows them:
 *
 *   letters and digits   one word, folded: no accents, no capitals, full-width forms as ordinary ones (NFKC)
 *   unspaced scripts     every character a word: any part of the text is a chain of them
 *   symbols and emoji    one word each, without skin tones and joiners; a flag is a chain of its two letters
 */

/** Cuts a prompt into its words, separated by spaces: each once, then the chains, each with an end. */
export function indexWords(prompt: string): string {
  const { words, runs } = cut(prompt)
  return [...new Set(words), ...runs.flatMap((run) => [...run, runEnd])].join(' ')
}

/** What a prompt must have: words that follow each other, mostly one; where it is begun, any word that begins with it. */
export interface Term {
  words: string[]
  isBegun: boolean
}

/**
 * What pictures must have whose prompt has all words of a text, the last one by its beginning where the text ends with it.
 * Empty: the text has no words, so nothing can be found.
 */
export function wantedTerms(text: string): Term[] {
  const { words, runs, endsInWord } = cut(text)
  const begun = endsInWord ? words.slice(-1) : []
  const whole = new Set(endsInWord ? words.slice(0, -1) : words)
  return [
    ...[...whole].map((word) => ({ words: [word], isBegun: false })),
    ...[...new Set(runs)].map((run) => ({ words: [...run], isBegun: false })),
    ...begun.map((word) => ({ words: [word], isBegun: true })),
  ]
}

/** A character that no text is cut into: keeps the last of one chain from the first of the next. */
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
