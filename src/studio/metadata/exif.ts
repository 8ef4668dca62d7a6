import { isUtf8 } from 'node:buffer'
import { withoutZeroes } from './tolerantJson.ts'

/**
 * The texts in an EXIF block (CIPA DC-008, a TIFF structure) where image generators keep them. Tag numbers to raw
 * values, of the first directory and its Exif directory.
 */
export type ExifValues = Map<number, Buffer>

export const exifTags = {
  description: 0x010e,
  make: 0x010f,
  model: 0x0110,
  software: 0x0131,
  makerNote: 0x927c,
  userComment: 0x9286,
} as const

const exifDirectory = 0x8769
const typeSizes: Record<number, number> = { 1: 1, 2: 1, 7: 1 }
const mostEntries = 1000
const unicodeMark = Buffer.from('UNICODE\0', 'latin1')

/** The texts and bytes of a TIFF block; empty for anything else. */
export function readExif(tiff: Buffer): ExifValues {
  const values: ExifValues = new Map()
  const order = tiff.toString('latin1', 0, 4)
  if (order !== 'II*\0' && order !== 'MM\0*') return values
  const little = order === 'II*\0'
  const read16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const read32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))

  const readDirectory = (at: number) => {
    if (at + 2 > tiff.length) return
    const entries = Math.min(read16(at), mostEntries, Math.floor((tiff.length - at - 2) / 12))
    for (let entry = at + 2; entry < at + 2 + entries * 12; entry += 12) {
      const length = read32(entry + 4) * (typeSizes[read16(entry + 2)] ?? Infinity)
      const start = length <= 4 ? entry + 8 : read32(entry + 8)
      if (start + length <= tiff.length) values.set(read16(entry), tiff.subarray(start, start + length))
      else if (read16(entry) === exifDirectory) subdirectory = read32(entry + 8)
    }
  }
  let subdirectory = 0
  if (tiff.length >= 8) readDirectory(read32(4))
  if (subdirectory > 0) readDirectory(subdirectory)
  return values
}

/** A TIFF block with texts in its first directory, and a user comment in UTF-16 in its Exif directory. */
export function writeExif(texts: ReadonlyMap<number, string>, userComment: string): Buffer {
  const comment = Buffer.concat([unicodeMark, Buffer.from(userComment, 'utf16le').swap16()])
  const plain = [...texts].map(([tag, text]) => ({ tag, type: 2, data: Buffer.from(`${text}\0`, 'utf8') }))
  const first = directory([...plain, { tag: exifDirectory, type: 4, data: Buffer.alloc(4) }], 8)
  const second = directory([{ tag: exifTags.userComment, type: 7, data: comment }], 8 + first.length)
  // The pointer to the Exif directory is the value of the first directory's last entry.
  first.writeUInt32BE(8 + first.length, 2 + plain.length * 12 + 8)
  return Buffer.concat([Buffer.from('MM\0*\0\0\0\x08', 'latin1'), first, second])
}

interface Entry {
  tag: number
  type: number
  data: Buffer
}

/** A directory at an offset of the block, with the values that do not fit into its entries behind it. */
function directory(entries: readonly Entry[], offset: number): Buffer {
  const table = Buffer.alloc(2 + entries.length * 12 + 4)
  table.writeUInt16BE(entries.length, 0)
  const values: Buffer[] = []
  let end = offset + table.length
  entries.forEach(({ tag, type, data }, index) => {
    const at = 2 + index * 12
    table.writeUInt16BE(tag, at)
    table.writeUInt16BE(type, at + 2)
    table.writeUInt32BE(type === 4 ? 1 : data.length, at + 4)
    if (data.length <= 4) data.copy(table, at + 8)
    else {
      table.writeUInt32BE(end, at + 8)
      const padded = data.length % 2 === 0 ? data : Buffer.concat([data, Buffer.alloc(1)])
      values.push(padded)
      end += padded.length
    }
  })
  return Buffer.concat([table, ...values])
}

/** The text of an EXIF string: to its first zero, as UTF-8. */
export const plainText = (value: Buffer): string => value.toString('utf8').replace(/\0[^]*$/, '')

/**
 * The text of a user comment: UTF-16 in either byte order after UNICODE, else UTF-8, with or without a mark. Some
 * programs mark UTF-8 as UNICODE: it has no zeros, which text in UTF-16 has at every space and digit.
 */
export function userCommentText(value: Buffer): string {
  if (!value.subarray(0, 8).equals(unicodeMark)) {
    const marked = ['ASCII\0\0\0', '\0\0\0\0\0\0\0\0'].includes(value.toString('latin1', 0, 8))
    return plainText(marked ? value.subarray(8) : value)
  }
  const unmarked = Buffer.from(withoutZeroes(value.toString('latin1', 8)), 'latin1')
  if (!unmarked.includes(0) && isUtf8(unmarked)) return unmarked.toString('utf8')
  const units = Buffer.from(value.subarray(8, value.length - (value.length % 2)))
  // Generation texts are mostly ASCII, so the zero bytes tell the byte order that the format leaves open.
  let zeroesFirst = 0
  for (let at = 0; at < units.length; at += 2)
    zeroesFirst += Number(units[at] === 0) - Number(units[at + 1] === 0)
  const text = (zeroesFirst >= 0 ? units.swap16() : units).toString('utf16le')
  return withoutZeroes(text.replace(/^\ufeff/, ''))
}
