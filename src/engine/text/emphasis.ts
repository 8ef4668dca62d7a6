/** A piece of a prompt with the weight its brackets give it. A chunk break is the text BREAK with weight -1. */
export interface WeightedText {
  text: string
  weight: number
}

const roundFactor = 1.1
const squareFactor = 1 / 1.1
const tokenPattern = /\\[()[\]\\]|\\|[([]|:\s*([+-]?[.\d]+)\s*\)|[)\]]|[^\\()[\]:]+|:/g
const number = /^[+-]?(\d+\.?\d*|\.\d+)$/

/**
 * Reads the emphasis of a prompt: ( ) multiplies by 1.1, [ ] divides by it, (text:1.3) sets it, \( is a bracket as
 * text. Brackets that never close count to the end of the text. AUTOMATIC1111 1.10.1, parse_prompt_attention.
 */
export function parseEmphasis(prompt: string): WeightedText[] {
  const pieces: WeightedText[] = []
  const round: number[] = []
  const square: number[] = []
  const multiplyFrom = (start: number, factor: number) => {
    for (const piece of pieces.slice(start)) piece.weight *= factor
  }

  for (const [token, weight] of prompt.matchAll(tokenPattern)) {
    if (token.startsWith('\\')) pieces.push({ text: token.slice(1), weight: 1 })
    else if (token === '(') round.push(pieces.length)
    else if (token === '[') square.push(pieces.length)
    else if (weight !== undefined && round.length > 0) {
      const isNumber = number.test(weight)
      if (!isNumber) pieces.push({ text: token.slice(0, -1), weight: 1 })
      multiplyFrom(round.pop()!, isNumber ? Number(weight) : roundFactor)
    } else if (token === ')' && round.length > 0) multiplyFrom(round.pop()!, roundFactor)
    else if (token === ']' && square.length > 0) multiplyFrom(square.pop()!, squareFactor)
    else pieces.push(...splitBreaks(token))
  }
  for (const start of round) multiplyFrom(start, roundFactor)
  for (const start of square) multiplyFrom(start, squareFactor)
  return mergeEqualWeights(pieces)
}

const isWordCharacter = (character: string | undefined) =>
  character !== undefined && /[\p{L}\p{N}_]/u.test(character)

/** Cuts a text at each BREAK that stands as a word, with the spaces around it. */
function splitBreaks(text: string): WeightedText[] {
  const pieces: WeightedText[] = []
  let rest = text
  let from = 0
  for (let at = rest.indexOf('BREAK'); at >= 0; at = rest.indexOf('BREAK', from)) {
    const end = at + 'BREAK'.length
    if (isWordCharacter(rest[at - 1]) || isWordCharacter(rest[end])) {
      from = end
      continue
    }
    pieces.push({ text: rest.slice(0, at).trimEnd(), weight: 1 }, { text: 'BREAK', weight: -1 })
    rest = rest.slice(end).trimStart()
    from = 0
  }
  pieces.push({ text: rest, weight: 1 })
  return pieces
}

function mergeEqualWeights(pieces: readonly WeightedText[]): WeightedText[] {
  const merged: WeightedText[] = []
  for (const piece of pieces) {
    const last = merged.at(-1)
    if (last && last.weight === piece.weight) last.text += piece.text
    else merged.push(piece)
  }
  return merged.length > 0 ? merged : [{ text: '', weight: 1 }]
}

/** AUTOMATIC1111's setting "Emphasis mode". Its default is Original. */
export type EmphasisMode = 'Original' | 'No norm' | 'Ignore' | 'None'

/**
 * Scales the hidden states of each token by its weight, then all of them so that their mean is what it was (not
 * with "No norm"). `hidden` is row-major [tokens, width], one weight a token. AUTOMATIC1111 1.10.1, sd_emphasis.
 */
export function applyEmphasis(
  hidden: Float32Array,
  weights: readonly number[],
  width: number,
  mode: EmphasisMode = 'Original',
): Float32Array {
  if (mode === 'None' || mode === 'Ignore' || weights.every((weight) => weight === 1)) return hidden
  const weighted = hidden.map((value, index) => value * weights[Math.floor(index / width)])
  if (mode === 'No norm') return weighted
  const restored = mean(hidden) / mean(weighted)
  return weighted.map((value) => value * restored)
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
