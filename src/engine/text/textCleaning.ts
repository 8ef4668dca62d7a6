import { mendText, repairText } from './textRepair.ts'

/**
 * What happens to a text before it is cut into words. The tools differ: openai/CLIP mends it with ftfy and reads
 * character references; transformers' CLIPTokenizer mends it where ftfy is installed (AUTOMATIC1111) and else
 * splits CJK text into characters (ComfyUI, diffusers); its fast form does little.
 */
export type TextCleaning = 'openai' | 'transformers with ftfy' | 'transformers' | 'transformers fast'

/** The texts to cut into words at their spaces and between kinds of characters, cleaned and in lower case. */
export function cleanText(text: string, cleaning: TextCleaning): string[] {
  if (plainAscii.test(text)) return [text.toLowerCase()]
  if (cleaning === 'openai') return [repairText(text).toLowerCase()]
  // Only openai/CLIP looks for its special tokens after cleaning.
  return text.split(specialTokens).map(cleaners[cleaning])
}

const plainAscii = /^[ !-%'-;=-~]*$/
const specialTokens = /(<\|startoftext\|>|<\|endoftext\|>)/

const cleaners: Record<Exclude<TextCleaning, 'openai'>, (text: string) => string> = {
  'transformers with ftfy': (text) => mendText(text).toLowerCase(),
  transformers: (text) => splitIdeographs(dropControls(text)).normalize('NFC').toLowerCase(),
  // Character by character: the last sigma of a word stays like the others.
  'transformers fast': (text) =>
    [...text.normalize('NFC')].map((character) => character.toLowerCase()).join(''),
}

/** BasicTokenizer: no control, format, private or unassigned characters; every space is one. */
const dropControls = (text: string): string =>
  text.replace(/[\t\n\r\p{Zs}]/gu, ' ').replace(/[\p{C}\ufffd]/gu, '')

const splitIdeographs = (text: string): string =>
  text.replace(
    /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu,
    ' $& ',
  )
