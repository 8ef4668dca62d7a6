import { decodeHTML, decodeHTMLStrict } from 'entities'
import { mendControls, mendEncoding } from './mojibake.ts'

/**
 * A text as CLIP's tokenizer was trained to see it: basic_clean of openai/CLIP, which is ftfy's fix_text, then
 * character references read twice.
 */
export const repairText = (text: string): string => decodeHTML(decodeHTML(mendText(text)))

/** ftfy's fix_text: line by line; from the first line with a < on, & is taken to be meant as it stands. */
export function mendText(text: string): string {
  let readEntities = true
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      readEntities &&= !line.includes('<')
      return mendLine(line, readEntities)
    })
    .join('')
}

/** Repeats the mending until nothing changes. */
function mendLine(line: string, readEntities: boolean): string {
  let text = line
  for (;;) {
    const mended = mendCharacters(mendEncoding(readEntities ? readNamedCharacters(text) : text))
    if (mended === text) return text
    text = mended
  }
}

/** Character references that end in a semicolon, and upper-case spellings of lower-case ones (&NTILDE;). */
function readNamedCharacters(text: string): string {
  return text.replace(/&#?[0-9A-Za-z]{1,24};/g, (reference) => {
    const character = decodeHTMLStrict(reference)
    if (character !== reference || reference !== reference.toUpperCase()) return character
    const lowerCase = reference.toLowerCase()
    const lowerCharacter = decodeHTMLStrict(lowerCase)
    return lowerCharacter === lowerCase || decodeHTML(reference) !== reference
      ? reference
      : lowerCharacter.toUpperCase()
  })
}

const ligatures: Record<string, string> = {
  Ĳ: 'IJ',
  ĳ: 'ij',
  ŉ: 'ʼn',
  Ǳ: 'DZ',
  ǲ: 'Dz',
  ǳ: 'dz',
  Ǆ: 'DŽ',
  ǅ: 'Dž',
  ǆ: 'dž',
  Ǉ: 'LJ',
  ǈ: 'Lj',
  ǉ: 'lj',
  Ǌ: 'NJ',
  ǋ: 'Nj',
  ǌ: 'nj',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
}

const mendCharacters = (text: string): string =>
  mendControls(text)
    .replace(/[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ]/g, (ligature) => ligatures[ligature])
    .replace(/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize('NFKC'))
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/\r\n|[\r\u2028\u2029\u0085]/g, '\n')
    .toWellFormed()
    .replace(/\x1b\[[\d;]*[a-zA-Z]/g, '')
    .replace(/[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, '')
    .normalize('NFC')
