import { parseQuery } from './parseQuery.ts'

/** The words that a search looks for in prompts, folded; those after a minus are not to be found. */
export function wantedWords(search: string): string[] {
  const conditions = parseQuery(search).conditions ?? []
  const texts = conditions.flatMap((each) => (each.kind === 'words' && !each.isNegated ? [each.text] : []))
  return texts.flatMap((text) => foldText(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [])
}

/** A text as it is searched: without capitals, accents, tones of skin; full-width letters as ordinary ones. */
export const foldText = (text: string): string =>
  text.replace(joinersAndTones, '').normalize('NFKD').toLowerCase().replace(accents, '').normalize('NFC')

const joinersAndTones = /[\u200d\u20e3\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/gu
const accents = /[\u0300-\u036f]/g

/** Scripts that put no spaces between words: there a word is found anywhere, elsewhere where one begins. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u

export interface TextPart {
  text: string
  isFound: boolean
}

/** Cuts a text into parts where words (folded) were found in it and those between. */
export function foundParts(text: string, words: readonly string[]): TextPart[] {
  // Every character is folded alone, so that places in both texts can be told from each other.
  const characters = [...text]
  const folded = characters.map(foldText)
  const starts: number[] = []
  let length = 0
  for (const part of folded) {
    starts.push(length)
    length += part.length
  }
  const whole = folded.join('')
  const isFound = new Array<boolean>(characters.length).fill(false)
  for (const word of words) {
    for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + 1)) {
      const begins = unspaced.test(word) || !/[\p{L}\p{N}]$/u.test(whole.slice(0, at))
      if (!begins) continue
      characters.forEach((_, index) => {
        if (starts[index] >= at && starts[index] < at + word.length) isFound[index] = true
      })
    }
  }
  const parts: TextPart[] = []
  characters.forEach((character, index) => {
    const last = parts.at(-1)
    if (last?.isFound === isFound[index]) last.text += character
    else parts.push({ text: character, isFound: isFound[index] })
  })
  return parts
}
