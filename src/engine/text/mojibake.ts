/**
 * Text that was UTF-8 and got read as something else ("cafÃ©"), read again as it was meant. CLIP learned from text
 * mended by ftfy (Speer, "ftfy", doi:10.5281/zenodo.2591652), so its tokenizer mends too. The character classes,
 * the tell-tale sequences and the order of attempts follow ftfy 6.3; strings of bytes are Latin-1 strings here.
 */
export function mendEncoding(text: string): string {
  let mended = text
  for (;;) {
    const before = mended
    mended = mendOnce(before)
    if (mended === before) return mended
  }
}

/** C1 control characters, read as the Windows-1252 characters that were meant. */
export const mendControls = (text: string): string =>
  text.replace(/[\x80-\x9f]/g, (character) => charmaps[1].characters[character.charCodeAt(0)])

interface Charmap {
  name: string
  /** The character of each byte. */
  characters: string[]
  bytes: Map<string, number>
  /** Whether byte 1A stands for the replacement character, whose own byte is lost. */
  lossy: boolean
}

const cp437High =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

const windows = [1252, 1251, 1250, 1253, 1254, 1257].map((page) => `windows-${page}`)
const charmaps: Charmap[] = ['latin-1', ...windows, 'iso-8859-2', 'macintosh', 'cp437'].map((name) => {
  const lossy = name.startsWith('windows')
  const characters = Array.from({ length: 256 }, (_, byte) => {
    if (byte === 0x1a && lossy) return '\ufffd'
    if (byte < 0x80 || name === 'latin-1') return String.fromCharCode(byte)
    if (name === 'cp437') return cp437High[byte - 0x80]
    const character = new TextDecoder(name).decode(Uint8Array.of(byte))
    return character === '\ufffd' ? String.fromCharCode(byte) : character
  })
  return { name, characters, bytes: new Map(characters.map((character, byte) => [character, byte])), lossy }
})

/** The text as bytes in a charmap; undefined when some character is not in it. */
function toBytes(text: string, { bytes }: Charmap): string | undefined {
  let encoded = ''
  for (const character of text) {
    const byte = bytes.get(character)
    if (byte === undefined) return undefined
    encoded += String.fromCharCode(byte)
  }
  return encoded
}

function mendOnce(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text) || !looksBroken(text)) return text
  for (const charmap of charmaps) {
    const bytes = toBytes(text, charmap)
    const decoded = bytes === undefined ? undefined : decodeUtf8(restoreBytes(bytes, charmap))
    if (decoded !== undefined) return decoded
  }
  const embedded = mendEmbedded(text)
  if (embedded !== text) return embedded
  const latin1 = toBytes(text, charmaps[0])
  if (latin1 !== undefined && !/[\x81\x8d\x8f\x90\x9d]/.test(latin1)) return mendControls(text)
  return latin1 === undefined ? mendControls(text) : text
}

/** Puts back bytes that some program on the way replaced: A0 by a space, unreadable ones by 1A or a ?. */
function restoreBytes(bytes: string, { name, lossy }: Charmap): string {
  let restored = bytes
  if (name !== 'macintosh' && spacedUtf8.test(bytes)) {
    restored = restored
      .replace(/\xc3 (?! |quele|quela|quilo|s )/g, '\xc3\xa0 ')
      .replace(new RegExp(spacedUtf8, 'g'), (sequence) => sequence.replaceAll(' ', '\xa0'))
  }
  return lossy ? restored.replace(lossyUtf8, '\xef\xbf\xbd') : restored
}

const spacedUtf8 = new RegExp(
  [
    '[\xc2\xc3\xc5\xce\xd0\xd9] ',
    '[\xe2\xe3] [\x80-\x84\x86-\x9f\xa1-\xbf]',
    '[\xe0-\xe3][\x80-\x84\x86-\x9f\xa1-\xbf] ',
    '\xf0 [\x80-\xbf]{2}',
    '\xf0[\x80-\xbf] [\x80-\xbf]',
    '\xf0[\x80-\xbf]{2} ',
  ].join('|'),
)
const lossyUtf8 = new RegExp(
  [
    '[\xc2-\xdf]\x1a',
    '[\xc2-\xc3][?]',
    '\xed[\xa0-\xaf][\x1a?]\xed[\xb0-\xbf][\x1a?\x80-\xbf]',
    '\xed[\xa0-\xaf][\x1a?\x80-\xbf]\xed[\xb0-\xbf][\x1a?]',
    '[\xe0-\xef][\x1a?][\x1a\x80-\xbf]',
    '[\xe0-\xef][\x1a\x80-\xbf][\x1a?]',
    '[\xf0-\xf4][\x1a?][\x1a\x80-\xbf]{2}',
    '[\xf0-\xf4][\x1a\x80-\xbf][\x1a?][\x1a\x80-\xbf]',
    '[\xf0-\xf4][\x1a\x80-\xbf]{2}[\x1a?]',
    '\x1a',
  ].join('|'),
  'g',
)

/** Strict UTF-8, and the two ways in which some programs write it wrongly: surrogate pairs, and zero as C0 80. */
function decodeUtf8(bytes: string): string | undefined {
  const standard = bytes
    .replaceAll('\xc0\x80', '\0')
    .replace(/\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g, (_, ...parts: string[]) => {
      const [a, b, c, d] = parts.slice(0, 4).map((part) => part.charCodeAt(0)) as [
        number,
        number,
        number,
        number,
      ]
      const codePoint = ((a & 0x0f) << 16) + ((b & 0x3f) << 10) + ((c & 0x0f) << 6) + (d & 0x3f) + 0x10000
      return Buffer.from(String.fromCodePoint(codePoint)).toString('latin1')
    })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(standard, 'latin1'))
  } catch {
    return undefined
  }
}

/** The characters that some byte of a range is in Latin-1 or a Windows code page. */
const charactersOf = (...ranges: [number, number][]): string =>
  ranges
    .flatMap(([first, last]) =>
      charmaps.slice(0, 7).map(({ characters }) => characters.slice(first, last + 1)),
    )
    .flat()
    .join('')

const continuation = charactersOf([0x80, 0xbf])
const strictContinuation = continuation.replace(/[–—―‘’‚“”„•…]/g, '')
const embeddedUtf8 = new RegExp(
  `(?<![${strictContinuation}])(?:[${charactersOf([0xc2, 0xdf])}][${continuation} ]` +
    `|[${charactersOf([0xe0, 0xef])}][${continuation} ]{2}` +
    `|[${charactersOf([0xf0, 0xf0], [0xf3, 0xf3])}][${continuation} ]{3})+`,
  'gu',
)

const mendEmbedded = (text: string): string =>
  text.replace(embeddedUtf8, (part) =>
    part.length < text.length && looksBroken(part) ? mendEncoding(part) : part,
  )

const common = '\u00a0\u00ad·´–—―…’'
const c1 = '\x80-\x9f'
const bad = '¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº'
const law = '¶§'
const currency = '¢£¥₧€'
const opening = '¡«¿©΄΅‘‚“„•‹\uf8ff'
const closing = '®»˝”›™'
const numeric = '²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№'
const kaomoji = 'Ò-ÖÙ-Üò-öø-üŐŌŪŲ°'
const upper = 'À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ'
const lower = 'ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ'
const upperCommon = 'ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я'
const lowerCommon = 'α-ωάέήίΰа-џ'
const box = '│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓'
const unusual = lower + upper + box + opening + closing + currency + numeric + law

/** Sequences of characters that hardly occur but in text read in the wrong encoding. */
const brokenText = new RegExp(
  [
    `[${c1}]`,
    `[${bad}${unusual}][${bad}]`,
    `[a-zA-Z][${lowerCommon}${upperCommon}][${bad}]`,
    `[${bad}][${unusual}]`,
    `[${lower}${lowerCommon}${box}${closing}${currency}${numeric}][${upper}]`,
    `[${box}${closing}${currency}${numeric}][${lower}]`,
    `[${lower}${box}${closing}][${currency}]`,
    `\\s[${upper}][${currency}]`,
    `[${upper}${box}][${numeric}${law}]`,
    `[${lower}${upper}${box}${currency}${closing}][${opening}][${numeric}]`,
    `[${lower}${upper}${currency}${numeric}${box}${law}][${closing}][${opening}]`,
    `[${currency}${numeric}${box}][${opening}]`,
    `[a-z][${upper}][${opening}${currency}]`,
    `[${box}][${kaomoji}]`,
    `[${lower}${upper}${currency}${numeric}${opening}${closing}${law}][${box}]`,
    `[${box}][${closing}]`,
    `[${lower}${upper}][${opening}${closing}][\\p{L}\\p{N}_]`,
    '[Œœ][^A-Za-z]',
    `[${upper}]°`,
    `[ÂÃÎÐ][€œŠš¢£Ÿž\u00a0\u00ad®©°·»${opening}${closing}–—´]`,
    '×[²³]',
    `(?:[ØÙ][${common}${currency}${bad}${numeric}${opening}ŸŠ®°µ»]){2}`,
    'à[²µ¹¼½¾]',
    '√[±∂†≠®™´≤≥¥µø]',
    '≈[°¢]',
    '‚Ä[ìîïòôúùû†°¢π]',
    '‚[âó][àä°ê]',
    'вЂ',
    `[ВГРС][${c1}${bad}${opening}${closing}${currency}°µ][ВГРС]`,
    'ГўВЂВ.[A-Za-z ]',
    'Ã[\u00a0¡]',
    '[a-z]\\s?[ÃÂ] ',
    '^[ÃÂ] ',
    `[a-z.,?!${closing}]Â[ ${opening}${closing}]`,
    'β€[™\u00a0Ά\u00ad®°]',
    `[ΒΓΞΟ][${c1}${bad}${opening}${closing}${currency}°][ΒΓΞΟ]`,
    'ā€',
  ].join('|'),
  'u',
)

const looksBroken = (text: string): boolean => brokenText.test(text)
