/**
 * Items of an AVIF or HEIF file: pictures, and beside them EXIF and XMP (ISO/IEC 14496-12, 8.11, and ISO/IEC
 * 23008-12, annex A).
 */
export const isHeif = (file: Buffer): boolean => file.toString('latin1', 4, 8) === 'ftyp'

interface Box {
  type: string
  /** What the box holds, without its header. */
  data: Buffer
}

const mostBoxes = 1000
const mostItemBytes = 8 * 1024 * 1024

function* boxes(data: Buffer): Generator<Box> {
  let start = 0
  for (let count = 0; count < mostBoxes && start + 8 <= data.length; count++) {
    const short = data.readUInt32BE(start)
    const isLong = short === 1 && start + 16 <= data.length
    const header = isLong ? 16 : 8
    const size = isLong ? Number(data.readBigUInt64BE(start + 8)) : short
    const end = short === 0 ? data.length : start + size
    if (end < start + header || end > data.length) return
    yield { type: data.toString('latin1', start + 4, start + 8), data: data.subarray(start + header, end) }
    start = end
  }
}

const boxOf = (data: Buffer, type: string): Buffer | undefined =>
  [...boxes(data)].find((box) => box.type === type)?.data

/** Version and flags of a full box come before what it holds. */
const fullHeader = 4

/**
 * The bytes of the first item of a type, "Exif" for EXIF; for a content type ("application/rdf+xml") those of the
 * first item with it. undefined where there is none, or where it lies outside of the file.
 */
export function heifItem(file: Buffer, type: string): Buffer | undefined {
  const meta = boxOf(file, 'meta')?.subarray(fullHeader)
  const info = meta && boxOf(meta, 'iinf')
  const locations = meta && boxOf(meta, 'iloc')
  if (!info || info.length < 8 || !locations) return undefined
  const id = itemId(info, type)
  return id === undefined ? undefined : itemData(file, meta, locations, id)
}

/** The number of the first item of a type, among the entries `infe` of the box `iinf`. */
function itemId(info: Buffer, type: string): number | undefined {
  const entries = info.subarray(fullHeader + (info[0] === 0 ? 2 : 4))
  for (const { type: kind, data } of boxes(entries)) {
    if (kind !== 'infe' || (data[0] !== 2 && data[0] !== 3)) continue
    const long = data[0] === 3
    const typeAt = fullHeader + (long ? 4 : 2) + 2
    if (data.length < typeAt + 4) continue
    const isType = data.toString('latin1', typeAt, typeAt + 4) === type
    if (isType || data.subarray(typeAt).includes(`\0${type}\0`, 0, 'latin1'))
      return long ? data.readUInt32BE(fullHeader) : data.readUInt16BE(fullHeader)
  }
  return undefined
}

/** A number of 0, 4 or 8 bytes. */
function readSized(data: Buffer, at: number, size: number): number {
  if (size === 4) return data.readUInt32BE(at)
  return size === 8 ? Number(data.readBigUInt64BE(at)) : 0
}

/** The parts of an item, by the box `iloc`, put together. Parts lie in the file or in the box `idat`. */
function itemData(file: Buffer, meta: Buffer, locations: Buffer, wanted: number): Buffer | undefined {
  try {
    return findItem(file, meta, locations, wanted)
  } catch (error) {
    // A box that is cut off.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function findItem(file: Buffer, meta: Buffer, locations: Buffer, wanted: number): Buffer | undefined {
  const version = locations[0]
  const [offsetSize, lengthSize] = [locations[fullHeader] >> 4, locations[fullHeader] & 15]
  const [baseSize, indexSize] = [
    locations[fullHeader + 1] >> 4,
    version > 0 ? locations[fullHeader + 1] & 15 : 0,
  ]
  const idSize = version < 2 ? 2 : 4
  let at = fullHeader + 2
  const take = (size: number): number => {
    const value = size === 2 ? locations.readUInt16BE(at) : readSized(locations, at, size)
    at += size
    return value
  }
  const items = take(idSize)
  for (let item = 0; item < Math.min(items, mostBoxes); item++) {
    const id = take(idSize)
    const source = version > 0 && (take(2) & 15) === 1 ? boxOf(meta, 'idat') : file
    take(2)
    const base = take(baseSize)
    const parts: Buffer[] = []
    for (let extents = take(2); extents > 0; extents--) {
      take(indexSize)
      const start = base + take(offsetSize)
      const length = take(lengthSize)
      if (id === wanted && source && parts.length < mostBoxes)
        parts.push(source.subarray(start, length === 0 ? undefined : start + length))
    }
    // Each part may name the whole file again.
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    if (id === wanted) return length > mostItemBytes ? undefined : Buffer.concat(parts)
  }
  return undefined
}

/** The TIFF block of a file's EXIF item, which says first how far into it that block lies. */
export function heifExif(file: Buffer): Buffer | undefined {
  const item = heifItem(file, 'Exif')
  return item && item.length >= 8 ? item.subarray(4 + item.readUInt32BE(0)) : undefined
}
