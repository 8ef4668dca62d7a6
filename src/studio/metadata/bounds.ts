import { StudioError } from '../../shared/errors.ts'

/** Parts (chunks, segments) a picture's file may have: a PNG of 100 MiB in pieces of 1 KiB has as many. */
const mostParts = 100_000

/** The same parts, one by one. Throws `bad-metadata` after 100,000 of them, which only a file made to be slow has. */
export function* boundedParts<Part>(parts: Iterable<Part>): Generator<Part> {
  let left = mostParts
  for (const part of parts) {
    if (left-- === 0)
      throw new StudioError(
        'bad-metadata',
        `This file has more than ${mostParts} parts, so it was not read. No program makes pictures like that.`,
      )
    yield part
  }
}

/** Levels of lists and objects within each other; programs write a dozen. Readers may follow them by recursion. */
const deepest = 200

/** Throws `bad-metadata` when a text, read as JSON, nests lists and objects deeper than 200 levels. */
export function checkDepth(json: string): void {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (inString) {
      if (code === backslash) at++
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (code === bracket || code === brace) depth++
    else if (code === bracketEnd || code === braceEnd) depth--
    if (depth > deepest)
      throw new StudioError(
        'bad-metadata',
        `A text in this file nests lists and objects more than ${deepest} levels deep, so it was not read.`,
      )
  }
}

const [quote, backslash, bracket, bracketEnd, brace, braceEnd] = [...'"\\[]{}'].map((sign) =>
  sign.charCodeAt(0),
)
