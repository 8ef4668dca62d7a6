import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readGguf } from '../../../src/engine/model/files/gguf.ts'

const golden = fileURLToPath(new URL('../../golden/dit/single_files', import.meta.url))

let path: string
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'gguf-')), 'model.gguf')
})
afterEach(() => rm(join(path, '..'), { recursive: true }))

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const text = (value: string): Buffer => Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)])

interface WrittenTensor {
  name: string
  dims: number[]
  type: number
  offset: number
}

/** A file of no metadata but its alignment, with as many bytes of data. */
function ggufBytes(tensors: readonly WrittenTensor[], length: number): Buffer {
  const header = Buffer.concat([
    ...[Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(1)],
    ...[text('general.alignment'), uint32(4), uint32(64)],
    ...tensors.flatMap(({ name, dims, type, offset }) => [
      ...[text(name), uint32(dims.length), ...dims.map(uint64), uint32(type), uint64(offset)],
    ]),
  ])
  const start = Math.ceil(header.length / 64) * 64
  return Buffer.concat([header, Buffer.alloc(start - header.length + length)])
}

it('reads shapes slowest first, and where the blocks of every tensor lie', async () => {
  await writeFile(path, ggufBytes([{ name: 'a.weight', dims: [64, 3], type: 8, offset: 0 }], 204))
  const { tensors, dataStart } = await readGguf(path)
  expect(tensors.get('a.weight')).toEqual({
    ...{ dtype: 'Q8_0', shape: [3, 64], offset: dataStart, length: 204, key: 'a.weight' },
  })
})

it('names a type that is not read', async () => {
  await writeFile(path, ggufBytes([{ name: 'a.weight', dims: [256], type: 23, offset: 0 }], 200))
  const refusal = {
    code: 'unsupported-model',
    message: expect.stringContaining('"a.weight" is stored as IQ4_XS'),
  }
  await expect(readGguf(path)).rejects.toMatchObject(refusal)
})

it.each([
  [
    'rows that are not cut into blocks',
    { name: 'a', dims: [48, 2], type: 8, offset: 0 },
    200,
    /blocks of 32/,
  ],
  ['a tensor behind the end', { name: 'a', dims: [64], type: 0, offset: 64 }, 100, /the download broke off/],
  ['too many axes', { name: 'a', dims: [1, 1, 1, 1, 1], type: 0, offset: 0 }, 4, /has 5 axes/],
])('refuses %s', async (_, tensor, length, message) => {
  await writeFile(path, ggufBytes([tensor], length))
  await expect(readGguf(path)).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: expect.stringMatching(message),
  })
})

it('refuses two tensors in one place', async () => {
  const tensor = { dims: [16], type: 0, offset: 0 }
  await writeFile(
    path,
    ggufBytes(
      [
        { ...tensor, name: 'a' },
        { ...tensor, name: 'b' },
      ],
      64,
    ),
  )
  await expect(readGguf(path)).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: expect.stringContaining('overlaps'),
  })
})

it('says so of a file that breaks off, wherever it does', async () => {
  await copyFile(join(golden, 'flux2klein_Q8_0.gguf'), path)
  const whole = await readFile(path)
  for (const length of [3, 11, 100, 2000, whole.length - 1]) {
    await writeFile(path, whole.subarray(0, length))
    await expect(readGguf(path)).rejects.toMatchObject({ code: 'bad-checkpoint' })
  }
})
