/** The text of a file, and what it is written in. */
export interface DecodedText {
  text: string
  encoding: 'UTF-8' | 'UTF-16' | 'UTF-32' | 'Windows-1252'
}

/** Bytes to which Windows-1252 gives no character (WHATWG Encoding Standard, index-windows-1252: C1 controls). */
const unused1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

/**
 * Reads a text file of any of the encodings that editors and spreadsheets save: UTF-8, UTF-16 and UTF-32 by their byte
 * order mark, UTF-16 without one by its zeros, then UTF-8 where all bytes are such, else Windows-1252. null: no text.
 */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const mark = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  if (mark === 'fffe0000' || mark === '0000feff') return decodeUtf32(bytes, mark === 'fffe0000')
  if (mark.startsWith('fffe')) return withoutZeros(decode('utf-16le', bytes))
  if (mark.startsWith('feff')) return withoutZeros(decode('utf-16be', bytes))
  if (bytes.includes(0)) {
    const label = unmarkedUtf16(bytes)
    const text = label && decode(label, bytes)
    return text && !text.includes('\0') && !text.includes('\ufffd') ? { text, encoding: 'UTF-16' } : null
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' }
  } catch {
    if (bytes.some((byte) => unused1252.includes(byte))) return null
    return { text: decode('windows-1252', bytes), encoding: 'Windows-1252' }
  }
}

/** A text has no zeros. */
const withoutZeros = (text: string): DecodedText | null =>
  text.includes('\0') ? null : { text, encoding: 'UTF-16' }

/** What follows the mark; null where a unit is no character (Unicode, D90: surrogates are none). */
function decodeUtf32(bytes: Uint8Array, isLittleEndian: boolean): DecodedText | null {
  if (bytes.length % 4 !== 0) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let text = ''
  for (let at = 4; at < bytes.length; at += 4) {
    const unit = view.getUint32(at, isLittleEndian)
    if (unit === 0 || unit > 0x10ffff || (unit >= 0xd800 && unit <= 0xdfff)) return null
    text += String.fromCodePoint(unit)
  }
  return { text, encoding: 'UTF-32' }
}

const decode = (label: string, bytes: Uint8Array): string => new TextDecoder(label).decode(bytes)

/** The order in which most letters, which are below 256, have their zero. */
function unmarkedUtf16(bytes: Uint8Array): string | null {
  if (bytes.length % 2 !== 0) return null
  const zeros = [0, 0]
  bytes.forEach((byte, at) => (zeros[at % 2] += byte === 0 ? 1 : 0))
  if (zeros[0] === zeros[1]) return null
  return zeros[1] > zeros[0] ? 'utf-16le' : 'utf-16be'
}
