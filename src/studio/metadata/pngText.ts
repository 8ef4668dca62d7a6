import { isUtf8 } from 'node:buffer'
import { crc32, inflateSync } from 'node:zlib'
import { StudioError } from '../../shared/errors.ts'
import { boundedParts } from './bounds.ts'

/** A text in a PNG: tEXt, zTXt or iTXt (PNG specification, 11.3.4). The keyword has 1 to 79 Latin-1 characters. */
export interface TextChunk {
  keyword: string
  text: string
}

/** What all compressed texts of one file may unpack to. */
export const mostTextBytes = 8 * 1024 * 1024
const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(signature)

/**
 * The texts of a PNG in file order, found without decoding pixels, also after the picture. Chunks that are cut off
 * or whose checksum is wrong count as absent. Throws `bad-metadata` when compressed texts unpack to more than 8 MiB.
 */
export function readTextChunks(png: Buffer): TextChunk[] {
  const texts: TextChunk[] = []
  let budget = mostTextBytes
  const inflate = (data: Buffer): Buffer => {
    const inflated = inflateWithin(data, budget)
    budget -= inflated.length
    return inflated
  }
  for (const { type, data, checksum } of pngChunks(png)) {
    const read = textReaders[type]
    if (!read || checksum !== crc32(data, crc32(type))) continue
    const text = read(data, inflate)
    if (text) texts.push(text)
  }
  return texts
}

/**
 * The texts put before the picture, each as tEXt where it fits Latin-1, else as iTXt: as Pillow does. A Latin-1 text
 * that reads as UTF-8 is iTXt as well, so that it comes back as it was.
 */
export function pngWithText(png: Buffer, texts: readonly TextChunk[]): Buffer {
  const header = [...pngChunks(png)].find(({ type }) => type === 'IHDR')
  if (!header)
    throw new StudioError('bad-metadata', 'Text can only be put into a PNG, and this file is none.')
  return Buffer.concat([png.subarray(0, header.end), ...texts.map(textChunk), png.subarray(header.end)])
}

/** Width and height from the header; undefined where there is none. */
export function pngSize(png: Buffer): { width: number; height: number } | undefined {
  const header = [...pngChunks(png)].find(({ type, data }) => type === 'IHDR' && data.length === 13)
  return header && { width: header.data.readUInt32BE(0), height: header.data.readUInt32BE(4) }
}

interface Chunk {
  type: string
  data: Buffer
  checksum: number
  /** Offset of what follows the chunk. */
  end: number
}

/** The chunks of a PNG in file order, up to its end or to one that is cut off. */
export const pngChunks = (png: Buffer): Iterable<Chunk> => boundedParts(allChunks(png))

function* allChunks(png: Buffer): Generator<Chunk> {
  if (!isPng(png)) return
  let offset = signature.length
  while (offset + 12 <= png.length) {
    const end = offset + 12 + png.readUInt32BE(offset)
    if (end > png.length) return
    const type = png.toString('latin1', offset + 4, offset + 8)
    yield { type, data: png.subarray(offset + 8, end - 4), checksum: png.readUInt32BE(end - 4), end }
    if (type === 'IEND') return
    offset = end
  }
}

type TextReader = (data: Buffer, inflate: (data: Buffer) => Buffer) => TextChunk | undefined

const textReaders: Record<string, TextReader | undefined> = {
  __proto__: null as never,
  tEXt: (data) => {
    const [keyword, rest] = splitAtZero(data)
    return rest && { keyword: keyword.toString('latin1'), text: plainText(rest) }
  },
  zTXt: (data, inflate) => {
    const [keyword, rest] = splitAtZero(data)
    if (!rest || rest[0] !== 0) return undefined
    return { keyword: keyword.toString('latin1'), text: plainText(inflate(rest.subarray(1))) }
  },
  iTXt: (data, inflate) => {
    const [keyword, flags] = splitAtZero(data)
    const [, afterLanguage] = splitAtZero(flags?.subarray(2))
    const [, text] = splitAtZero(afterLanguage)
    if (!flags || !text) return undefined
    const compressed = flags[0] === 1
    return { keyword: keyword.toString('latin1'), text: (compressed ? inflate(text) : text).toString('utf8') }
  },
}

/** Latin-1 by the format; several programs write UTF-8, which hardly any Latin-1 text happens to be as well. */
const plainText = (data: Buffer): string => data.toString(isUtf8(data) ? 'utf8' : 'latin1')

function splitAtZero(data: Buffer | undefined): [Buffer, Buffer | undefined] {
  const zero = data ? data.indexOf(0) : -1
  return zero < 0 ? [Buffer.alloc(0), undefined] : [data!.subarray(0, zero), data!.subarray(zero + 1)]
}

function inflateWithin(data: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, maxOutputLength) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return Buffer.alloc(0)
    throw new StudioError(
      'bad-metadata',
      'The texts in this PNG unpack to more than 8 MiB, so they were not read.',
    )
  }
}

function textChunk({ keyword, text }: TextChunk): Buffer {
  const latin1 = Buffer.from(text, 'latin1')
  if (/^[\x00-\xff]*$/.test(text) && plainText(latin1) === text)
    return pngChunk('tEXt', Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), latin1]))
  return pngChunk(
    'iTXt',
    Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')]),
  )
}

function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(data, crc32(type)), 8 + data.length)
  return chunk
}
