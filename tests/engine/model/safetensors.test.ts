import { mkdtemp, open, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseHeader, readSafetensors } from '../../../src/engine/model/files/safetensors.ts'
import { StudioError } from '../../../src/shared/errors.ts'
import { safetensorsBytes, withLength } from './safetensorsFile.ts'
import { leastCpuTime } from '../../cpuTime.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(bytes: Buffer): Promise<string> {
  const path = join(folder, 'case.safetensors')
  await writeFile(path, bytes)
  return path
}

const tensor = (begin: number, end: number, over: object = {}): object => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
  ...over,
})

describe('a .safetensors header', () => {
  it('gives every tensor its place in the file', async () => {
    const path = await file(
      safetensorsBytes(
        {
          b: { dtype: 'F16', shape: [2, 3] },
          a: { dtype: 'F32', shape: [] },
          none: { dtype: 'F32', shape: [0, 5] },
        },
        { format: 'pt' },
      ),
    )
    const { tensors, metadata, dataStart, size } = await readSafetensors(path)
    expect(metadata).toEqual({ format: 'pt' })
    expect(tensors.get('b')).toEqual({ dtype: 'F16', shape: [2, 3], offset: dataStart, length: 12, key: 'b' })
    expect(tensors.get('a')).toEqual({ dtype: 'F32', shape: [], offset: dataStart + 12, length: 4, key: 'a' })
    expect(tensors.get('none')?.length).toBe(0)
    expect(size).toBe(dataStart + 16)
  })

  it('is read through a symbolic link as the file it points to', async () => {
    const path = await file(safetensorsBytes({ a: { dtype: 'F32', shape: [1] } }))
    await symlink(path, join(folder, 'link.safetensors'))
    expect((await readSafetensors(join(folder, 'link.safetensors'))).path).toBe(path)
  })

  it.each<[string, Buffer, RegExp]>([
    ['an empty file', Buffer.alloc(0), /empty/],
    ['a file of a few bytes', Buffer.from('abc'), /too short/],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4265380512\n'),
      /Git LFS pointer.*git lfs pull/,
    ],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html><head><title>Log in</title>'), /web page.*login/],
    ['a length beyond the file', Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 123]), /only 1 bytes follow/],
    ['a length beyond all numbers', Buffer.alloc(16, 255), /only 8 bytes follow/],
    ['something else than JSON', withLength('hello'), /does not begin/],
    ['broken JSON', withLength('{"a":'), /not valid JSON/],
    [
      'bytes that are not UTF-8',
      withLength(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
      /not valid JSON/,
    ],
    ['deep nesting', withLength(`{"a":${'['.repeat(100_000)}`), /nested deeper/],
    ['a list', withLength('[]'), /does not begin/],
    ['a tensor that is no table', withLength('{"a":1}'), /type undefined/],
    ['an unknown type', withLength(JSON.stringify({ a: tensor(0, 4, { dtype: 'F33' }) })), /"F33"/],
    [
      'an inherited name as type',
      withLength(JSON.stringify({ a: tensor(0, 4, { dtype: 'toString' }) })),
      /"toString"/,
    ],
    ['a negative shape', withLength(JSON.stringify({ a: tensor(0, 4, { shape: [-1] }) })), /shape/],
    ['a fractional shape', withLength(JSON.stringify({ a: tensor(0, 4, { shape: [0.5] }) })), /shape/],
    [
      'a shape beyond all numbers',
      withLength(JSON.stringify({ a: tensor(0, 4, { shape: [2 ** 40, 2 ** 40] }) })),
      /bytes/,
    ],
    [
      'offsets that run backwards',
      withLength(JSON.stringify({ a: tensor(4, 0, { shape: [1] }) })),
      /span -4/,
    ],
    [
      'offsets that do not fit the shape',
      withLength(JSON.stringify({ a: tensor(0, 8, { shape: [1] }) })),
      /take 4 bytes/,
    ],
    [
      'overlapping tensors',
      Buffer.concat([withLength(JSON.stringify({ a: tensor(0, 8), b: tensor(4, 12) })), Buffer.alloc(12)]),
      /overlaps/,
    ],
    [
      'a hole between tensors',
      Buffer.concat([withLength(JSON.stringify({ a: tensor(0, 4), b: tensor(8, 12) })), Buffer.alloc(12)]),
      /4 bytes before tensor "b"/,
    ],
    ['bytes after the last tensor', Buffer.concat([withLength('{}'), Buffer.alloc(3)]), /3 bytes at its end/],
    ['a tensor beyond the end', withLength(JSON.stringify({ a: tensor(0, 400) })), /download broke off/],
    [
      'the same tensor twice',
      withLength('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a" :1}'),
      /twice/,
    ],
    ['metadata that is not text', withLength('{"__metadata__":{"a":1}}'), /"a" is not text/],
  ])('refuses %s, naming the file', async (_, bytes, message) => {
    const path = await file(bytes)
    const failure = (await readSafetensors(path).catch((error: unknown) => error)) as StudioError
    expect(failure).toBeInstanceOf(StudioError)
    expect(failure.code).toBe('bad-checkpoint')
    expect(failure.message).toMatch(message)
    expect(failure.message).toContain(path)
  })

  it('refuses a header of 100 MB without reading it', async () => {
    const path = await file(Buffer.alloc(0))
    await truncate(path, 200_000_000)
    const handle = await open(path, 'r+')
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(100_000_000n)
    await handle.write(length, 0, 8, 0)
    await handle.close()
    const before = process.memoryUsage().arrayBuffers
    await expect(readSafetensors(path)).rejects.toThrow(/more than the/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })

  it('is either valid or refused with a code, whatever the bytes, in under 100 ms', () => {
    const valid = safetensorsBytes(
      { a: { dtype: 'F32', shape: [2] }, b: { dtype: 'F16', shape: [3, 1] } },
      { k: 'v' },
    )
    const header = valid.subarray(8, valid.length - 14)
    const mutated = fc
      .array(fc.tuple(fc.nat(header.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const bytes = Buffer.from(header)
        for (const [at, value] of changes) bytes[at] = value
        return bytes
      })
    const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text))
    fc.assert(
      fc.property(fc.oneof(mutated, json, fc.uint8Array().map(Buffer.from)), (bytes) => {
        const parse = () => {
          try {
            parseHeader('fuzzed', Buffer.from(bytes), 8 + bytes.length + 14)
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-checkpoint' })
          }
        }
        expect(leastCpuTime(100, parse)).toBeLessThan(100)
      }),
      { numRuns: 2000 },
    )
  })
})
