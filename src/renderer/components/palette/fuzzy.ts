/** What a run of letters found together is worth, beside each letter by itself. */
const together = 2
const atWordStart = 3
const whole = 8

/**
 * How well a text fits what was typed: each word of it has to be in the text, letter by letter in order, whatever lies
 * between. Letters that stand together or begin a word count more. null: it does not fit.
 */
export function fuzzyScore(typed: string, text: string): number | null {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  const target = plain(text)
  let score = 0
  for (const word of words) {
    const fit = wordScore(word, target)
    if (fit === null) return null
    score += fit
  }
  // Of two that fit alike the shorter one was meant.
  return score - target.length / 1000
}

function wordScore(word: string, text: string): number | null {
  const at = text.indexOf(word)
  if (at !== -1) return word.length * (1 + together) + whole + (isWordStart(text, at) ? atWordStart : 0)
  let score = 0
  let from = 0
  for (const letter of word) {
    const found = text.indexOf(letter, from)
    if (found === -1) return null
    score += 1 + (found === from && from > 0 ? together : 0) + (isWordStart(text, found) ? atWordStart : 0)
    from = found + letter.length
  }
  // Letters strewn over a long text are no match.
  return score >= word.length * 2 ? score : null
}

const isWordStart = (text: string, at: number): boolean =>
  at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')

/** Without case and accents. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
