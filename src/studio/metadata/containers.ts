import { StudioError } from '../../shared/errors.ts'
import { exifTags, plainText, readExif, userCommentText, writeExif, type ExifValues } from './exif.ts'
import { heifExif, heifItem, isHeif } from './heifItems.ts'
import { ownKeyword } from './imageMetadata.ts'
import { boundedParts } from './bounds.ts'
import { isPng, mostTextBytes, pngChunks, pngWithText, readTextChunks, type TextChunk } from './pngText.ts'
import { readXmp } from './xmp.ts'

const exifMark = Buffer.from('Exif\0\0', 'latin1')
const isJpeg = (bytes: Buffer): boolean => bytes.readUInt16BE(0) === 0xffd8
const isWebp = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'

/**
 * The texts an image file carries, whatever its format, under the keywords of PNG chunks: an EXIF user comment is
 * `parameters`, an EXIF text "keyword:{…}" is under that keyword, what XMP says under its own (see readXmp).
 * Throws `bad-metadata` for more than 8 MiB of texts, and for a file of more than 100,000 parts.
 */
export function readTexts(file: Buffer): TextChunk[] {
  if (file.length < 12) return []
  const exif = isPng(file)
    ? pngExif(file)
    : isJpeg(file)
      ? jpegExif(file)
      : isWebp(file)
        ? webpExif(file)
        : isHeif(file)
          ? readExif(heifExif(file) ?? Buffer.alloc(0))
          : noExif
  const chunks = isPng(file) ? readTextChunks(file) : []
  const xmp = chunks.find(({ keyword }) => keyword === xmpKeyword)?.text ?? xmpPacket(file)
  const texts = [
    ...chunks.filter(({ keyword }) => keyword !== xmpKeyword),
    ...exifTexts(exif).filter(
      ({ keyword, text }) => !isPng(file) || keyword !== 'parameters' || isOfGeneration(text),
    ),
    ...(xmp === undefined ? [] : readXmp(xmp)),
  ]
  const length = texts.reduce((sum, { text }) => sum + text.length, 0)
  if (length > mostTextBytes)
    throw new StudioError('bad-metadata', 'This file has more than 8 MiB of texts, so they were not read.')
  return texts
}

/** Screenshots have user comments as well; those of programs that make pictures tell settings. */
const isOfGeneration = (comment: string): boolean => /^\s*\{|\bSteps: ?\d/.test(comment)

/** The keyword that XMP has in a PNG (XMP specification, part 3, 1.1.5), and its mark in a JPEG (1.1.3). */
const xmpKeyword = 'XML:com.adobe.xmp'
const xmpMark = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1')

function xmpPacket(file: Buffer): string | undefined {
  if (isHeif(file)) return heifItem(file, 'application/rdf+xml')?.toString('utf8')
  if (isWebp(file)) return [...webpChunks(file)].find(({ type }) => type === 'XMP ')?.data.toString('utf8')
  if (!isJpeg(file)) return undefined
  for (const { marker, start, end } of jpegSegments(file)) {
    const data = file.subarray(start + 4, end)
    if (marker === 0xe1 && data.subarray(0, xmpMark.length).equals(xmpMark))
      return data.toString('utf8', xmpMark.length)
  }
  return undefined
}

/**
 * The file with the texts of imageMetadata in it: chunks of a PNG, EXIF of a JPEG or WebP. Throws `bad-metadata`
 * for other files, and for texts that are too long for a JPEG.
 */
export function withTexts(file: Buffer, texts: readonly TextChunk[]): Buffer {
  if (isPng(file)) return pngWithText(file, texts)
  const parameters = texts.find(({ keyword }) => keyword === 'parameters')?.text ?? ''
  const own = texts.find(({ keyword }) => keyword === ownKeyword)
  const exif = writeExif(new Map(own ? [[exifTags.make, `${ownKeyword}:${own.text}`]] : []), parameters)
  if (file.length >= 12 && isJpeg(file)) return jpegWithExif(file, exif)
  if (file.length >= 12 && isWebp(file)) return webpWithExif(file, exif)
  throw new StudioError(
    'bad-metadata',
    'Generation data can be put into PNG, JPEG and WebP files; this is none of them.',
  )
}

/** EXIF texts without a keyword of their own, and the keywords that PNG has for them. */
const plainKeywords = new Map<number, string>([
  [exifTags.software, 'Software'],
  [exifTags.description, 'Description'],
])

/** Nodes that save ComfyUI's graphs into EXIF write their keywords with a capital. */
const graphKeyword = (keyword: string): string =>
  /^(prompt|workflow)$/i.test(keyword) ? keyword.toLowerCase() : keyword

function exifTexts(exif: ExifValues): TextChunk[] {
  const texts: TextChunk[] = []
  for (const tag of [exifTags.model, exifTags.make, exifTags.description, exifTags.software]) {
    const text = exif.has(tag) ? plainText(exif.get(tag)!) : ''
    const keyed = /^([A-Za-z_][\w-]{0,78}):(?=\s*[[{])/.exec(text)
    const plain = plainKeywords.get(tag)
    if (keyed) texts.push({ keyword: graphKeyword(keyed[1]), text: text.slice(keyed[0].length).trim() })
    else if (plain !== undefined && text !== '') texts.push({ keyword: plain, text })
  }
  const comment = exif.get(exifTags.userComment)
  const note = exif.get(exifTags.makerNote)
  if (comment) texts.push({ keyword: 'parameters', text: userCommentText(comment) })
  if (note && note.length < 20) texts.push({ keyword: 'fooocus_scheme', text: plainText(note) })
  return texts
}

const noExif: ExifValues = new Map()
const afterMark = (data: Buffer): Buffer => (data.subarray(0, 6).equals(exifMark) ? data.subarray(6) : data)

function pngExif(file: Buffer): ExifValues {
  for (const { type, data } of pngChunks(file)) if (type === 'eXIf') return readExif(afterMark(data))
  return noExif
}

/** Segments of a JPEG up to its picture (ITU T.81, B.1.1): marker, where the segment starts, where it ends. */
const jpegSegments = (file: Buffer): Iterable<Segment> => boundedParts(allSegments(file))

interface Segment {
  marker: number
  start: number
  end: number
}

function* allSegments(file: Buffer): Generator<Segment> {
  let start = 2
  while (start + 4 <= file.length && file[start] === 0xff) {
    const marker = file[start + 1]
    const end = start + 2 + file.readUInt16BE(start + 2)
    if (marker === 0xda || end > file.length) return
    yield { marker, start, end }
    start = end
  }
}

const isExifSegment = (file: Buffer, marker: number, start: number): boolean =>
  marker === 0xe1 && file.subarray(start + 4, start + 10).equals(exifMark)

function jpegExif(file: Buffer): ExifValues {
  for (const { marker, start, end } of jpegSegments(file)) {
    if (isExifSegment(file, marker, start)) return readExif(file.subarray(start + 10, end))
  }
  return noExif
}

function jpegWithExif(file: Buffer, exif: Buffer): Buffer {
  const length = 2 + exifMark.length + exif.length
  if (length > 0xffff) {
    throw new StudioError(
      'bad-metadata',
      `A JPEG has room for 65535 bytes of generation data and this picture has ${length}. Save it as PNG or WebP.`,
    )
  }
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, length >> 8, length & 0xff]), exifMark, exif])
  const kept = [file.subarray(0, 2), segment]
  let from = 2
  for (const { marker, start, end } of jpegSegments(file)) {
    if (!isExifSegment(file, marker, start)) kept.push(file.subarray(start, end))
    from = end
  }
  return Buffer.concat([...kept, file.subarray(from)])
}

/** Chunks of a WebP (RFC 9649, 2.3), their bytes without header and padding. */
const webpChunks = (file: Buffer): Iterable<RiffChunk> => boundedParts(allRiffChunks(file))

interface RiffChunk {
  type: string
  data: Buffer
}

function* allRiffChunks(file: Buffer): Generator<RiffChunk> {
  let start = 12
  while (start + 8 <= file.length) {
    const end = start + 8 + file.readUInt32LE(start + 4)
    if (end > file.length) return
    yield { type: file.toString('latin1', start, start + 4), data: file.subarray(start + 8, end) }
    start = end + (end % 2)
  }
}

function webpExif(file: Buffer): ExifValues {
  for (const { type, data } of webpChunks(file)) if (type === 'EXIF') return readExif(afterMark(data))
  return noExif
}

const exifFlag = 0x08
const alphaFlag = 0x10

function webpWithExif(file: Buffer, exif: Buffer): Buffer {
  const chunks = [...webpChunks(file)].filter(({ type }) => type !== 'EXIF')
  const first = chunks[0]
  if (!first) throw new StudioError('bad-metadata', 'This WebP file holds no picture. It may be truncated.')
  const extended = first.type === 'VP8X' ? Buffer.from(first.data) : webpFeatures(first.type, first.data)
  extended[0] |= exifFlag
  const pictures = first.type === 'VP8X' ? chunks.slice(1) : chunks
  const all = [{ type: 'VP8X', data: extended }, ...pictures, { type: 'EXIF', data: exif }]
  const body = Buffer.concat([Buffer.from('WEBP'), ...all.map(({ type, data }) => riffChunk(type, data))])
  return riffChunk('RIFF', body)
}

/** The header that a simple WebP lacks, from its picture's own (RFC 6386, 9.1; WebP lossless, 3.4). */
function webpFeatures(type: string, data: Buffer): Buffer {
  const lossless = type === 'VP8L'
  if (data.length < 10)
    throw new StudioError('bad-metadata', 'This WebP file holds no picture. It may be truncated.')
  const bits = data.readUInt32LE(1)
  const width = lossless ? bits & 0x3fff : (data.readUInt16LE(6) & 0x3fff) - 1
  const height = lossless ? (bits >> 14) & 0x3fff : (data.readUInt16LE(8) & 0x3fff) - 1
  const features = Buffer.alloc(10)
  features[0] = lossless && (bits >> 28) & 1 ? alphaFlag : 0
  features.writeUIntLE(Math.max(0, width), 4, 3)
  features.writeUIntLE(Math.max(0, height), 7, 3)
  return features
}

function riffChunk(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 0, 'latin1')
  header.writeUInt32LE(data.length, 4)
  return Buffer.concat([header, data, Buffer.alloc(data.length % 2)])
}
