import { crc32 } from 'node:zlib'

/** A file of an archive. */
export interface ZipEntry {
  name: string
  modifiedAt: Date
  bytes: Uint8Array
}

/** Bytes an archive without ZIP64 can hold, and files. */
export const zipLimits = { bytes: 2 ** 32 - 2 ** 24, files: 65_000 } as const

const localHeader = 0x04034b50
const centralHeader = 0x02014b50
const endHeader = 0x06054b50
const version = 20
const utf8Names = 1 << 11

/**
 * Writes a ZIP archive piece by piece, the files as they are: pictures are packed already. PKWARE's APPNOTE 6.3.10,
 * sections 4.3.7, 4.3.12 and 4.3.16. What is given must stay within `zipLimits`.
 */
export async function* zip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let offset = 0
  for await (const { name, modifiedAt, bytes } of entries) {
    const nameBytes = Buffer.from(name, 'utf8')
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(version, 0)
    facts.writeUInt16LE(utf8Names, 2)
    facts.writeUInt32LE(dosTime(modifiedAt), 6)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(bytes.length, 14)
    facts.writeUInt32LE(bytes.length, 18)
    facts.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([number32(localHeader), facts, nameBytes])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([number32(centralHeader), number16(version), facts, place, nameBytes]))
    offset += local.length + bytes.length
    yield local
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  yield Buffer.concat([central, number32(endHeader), end])
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function number16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

/** Time in the lower 16 bits (two seconds a step), date in the upper ones, from 1980 on. */
function dosTime(moment: Date): number {
  const time = (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1)
  const date = ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate()
  return ((date << 16) | time) >>> 0
}
