import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ModelHashes } from '../../../shared/engine/examination.ts'

/** The hashes models are known by, in one pass over the file. */
export async function hashFile(path: string): Promise<ModelHashes> {
  const [whole, tail] = [createHash('sha256'), createHash('sha256')]
  let toSkip = await headerLength(path)
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    whole.update(chunk)
    tail.update(chunk.subarray(Math.min(toSkip, chunk.length)))
    toSkip = Math.max(0, toSkip - chunk.length)
  }
  const sha256 = whole.digest('hex')
  return {
    sha256,
    autoV2: sha256.slice(0, 10),
    legacy: await legacyHash(path),
    headerless: tail.digest('hex'),
  }
}

async function headerLength(path: string): Promise<number> {
  const prefix = await readRange(path, 0, 8)
  return prefix.length < 8 ? 0 : 8 + Number(prefix.readBigUInt64LE())
}

async function legacyHash(path: string): Promise<string> {
  const sample = await readRange(path, 0x100000, 0x10000)
  return createHash('sha256').update(sample).digest('hex').slice(0, 8)
}

async function readRange(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
