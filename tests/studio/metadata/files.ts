import { crc32 } from 'node:zlib'
import type { Generation } from '../../../src/shared/library/generation.ts'
import { pngWithText } from '../../../src/studio/metadata/pngText.ts'
import { readGeneration } from '../../../src/studio/metadata/readGeneration.ts'

/** Files of the least size that are still what they claim: metadata is read without looking at pixels. */

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(data, crc32(type)), 8 + data.length)
  return chunk
}

/** A PNG header of 64x48 without a picture. */
export const emptyPng = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  pngChunk('IHDR', Buffer.from([0, 0, 0, 64, 0, 0, 0, 24, 8, 2, 0, 0, 0])),
  pngChunk('IEND', Buffer.alloc(0)),
])

export function jpegAround(exif: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(data.length + 2)
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), length, data, Buffer.from([0xff, 0xda, 0, 2])])
}

export function webpAround(exif: Buffer): Buffer {
  const header = Buffer.from('RIFF\0\0\0\0WEBPEXIF\0\0\0\0', 'latin1')
  header.writeUInt32LE(exif.length, 16)
  header.writeUInt32LE(12 + exif.length, 4)
  return Buffer.concat([header, exif])
}

/** What is read of a PNG with texts under keywords; values that are no text are written as JSON. */
export function readTexts(texts: Record<string, unknown>): Generation | null {
  const chunks = Object.entries(texts).map(([keyword, text]) => ({
    keyword,
    text: typeof text === 'string' ? text : JSON.stringify(text),
  }))
  return readGeneration(pngWithText(emptyPng, chunks))
}

/** The lines of what could not be mapped, each "key: value (reason)". */
export const linesOf = (generation: Generation | null): string[] =>
  (generation?.unmapped ?? []).map(({ key, value, reason }) => `${key}: ${value} (${reason})`)
