/** Byte-pair encoding (Sennrich et al. 2016, section 3.2) over bytes, as GPT-2 spells them. */

/** Joins the pair of lowest rank, everywhere it occurs, until no pair of the word is among the merges. */
export function mergePairs(pieces: string[], ranks: ReadonlyMap<string, number>): string[] {
  let word = pieces
  while (word.length > 1) {
    let bestRank = Infinity
    let best = 0
    for (let index = 0; index + 1 < word.length; index++) {
      const rank = ranks.get(`${word[index]} ${word[index + 1]}`)
      if (rank !== undefined && rank < bestRank) {
        bestRank = rank
        best = index
      }
    }
    if (bestRank === Infinity) break
    word = joinEverywhere(word, word[best], word[best + 1])
  }
  return word
}

function joinEverywhere(word: readonly string[], left: string, right: string): string[] {
  const joined: string[] = []
  for (let index = 0; index < word.length; index++) {
    const pair = word[index] === left && word[index + 1] === right
    joined.push(pair ? left + right : word[index])
    if (pair) index++
  }
  return joined
}

/** Bytes as printable characters: those of Latin-1 that print stand for themselves, the rest follow U+00FF. */
export const byteSpelling = ((): string[] => {
  const prints = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(prints(byte) ? byte : next++))
})()
export const bytesBySpelling = new Map(byteSpelling.map((character, byte) => [character, byte]))
