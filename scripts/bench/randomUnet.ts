import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'

/** Writes the U-Net of a published checkpoint, key by key, filled with small random halves; answers how many. `list`: its names. */
export async function writeRandomUnet(path: string, list: string): Promise<number> {
  const keys = JSON.parse(
    await readFile(new URL(`../../tests/golden/keys/${list}`, import.meta.url), 'utf8'),
  ) as { single_file: { tensors: Record<string, [shape: number[], dtype: string]> } }
  const header: Record<string, unknown> = {}
  let end = 0
  for (const [key, [shape]] of Object.entries(keys.single_file.tensors)) {
    if (!key.startsWith('model.diffusion_model.')) continue
    const begin = end
    end += 2 * shape.reduce((product, size) => product * size, 1)
    header[key] = { dtype: 'F16', shape, data_offsets: [begin, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = await open(path, 'w')
  await file.write(length)
  await file.write(text)
  const block = randomHalves(2 ** 25)
  for (let written = 0; written < end; written += block.length)
    await file.write(block, 0, Math.min(block.length, end - written))
  await file.close()
  return end / 2
}

/** Halves of magnitude 2^-9 to 2^-6 with random signs and fractions: as small as weights are. */
function randomHalves(bytes: number): Buffer {
  const halves = new Uint16Array(randomBytes(bytes).buffer.slice(0, bytes))
  for (let i = 0; i < halves.length; i++) halves[i] = (halves[i] & 0x8fff) | 0x1800
  return Buffer.from(halves.buffer)
}
