import { open, readFile } from 'node:fs/promises'

type Tensors = Record<string, [shape: number[], dtype: string]>

/**
 * Writes a published checkpoint key by key, as far as `wanted` says, in random halves: weights of the spread that keeps
 * activations in bounds (He et al. 2015: 1 / √ inputs), norms 1, biases 0. Answers how many numbers it has.
 */
export async function writeRandomCheckpoint(
  path: string,
  keys: 'sd15.json' | 'sdxl_base.json',
  wanted: (key: string) => boolean = () => true,
): Promise<number> {
  const file = new URL(`../../tests/golden/keys/${keys}`, import.meta.url)
  const { single_file } = JSON.parse(await readFile(file, 'utf8')) as { single_file: { tensors: Tensors } }
  const tensors = Object.entries(single_file.tensors).filter(([key]) => wanted(key))
  const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)
  const header: Record<string, unknown> = {}
  let end = 0
  for (const [key, [shape]] of tensors) {
    const begin = end
    end += 2 * sizeOf(shape)
    header[key] = { dtype: 'F16', shape, data_offsets: [begin, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const handle = await open(path, 'w')
  await handle.write(length)
  await handle.write(text)
  for (const [key, [shape]] of tensors) await writeRepeated(handle, halvesFor(key, shape), 2 * sizeOf(shape))
  await handle.close()
  return end / 2
}

async function writeRepeated(
  handle: { write(bytes: Buffer, offset: number, length: number): Promise<unknown> },
  block: Buffer,
  bytes: number,
): Promise<void> {
  for (let written = 0; written < bytes; written += block.length)
    await handle.write(block, 0, Math.min(block.length, bytes - written))
}

function halvesFor(key: string, shape: readonly number[]): Buffer {
  if (shape.length === 1) return key.endsWith('bias') ? constants(0) : constants(1)
  const inputs = shape.slice(1).reduce((product, side) => product * side, 1)
  return normals(Math.round(Math.log2(Math.sqrt(inputs))))
}

const blocks = new Map<string, Buffer>()
const blockLength = 2 ** 20

const constants = (value: number): Buffer => kept(`${value}`, () => value)

/** Normally distributed numbers of standard deviation 2^-power. */
const normals = (power: number): Buffer =>
  kept(`2^-${power}`, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()))
    return (radius * Math.cos(2 * Math.PI * Math.random())) / 2 ** power
  })

function kept(name: string, value: () => number): Buffer {
  const known = blocks.get(name)
  if (known) return known
  const halves = Float16Array.from({ length: blockLength }, value)
  const block = Buffer.from(halves.buffer)
  blocks.set(name, block)
  return block
}
