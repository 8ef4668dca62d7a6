import { open, type FileHandle } from 'node:fs/promises'

/** Published names and shapes, of which the file has random numbers. */
export type Shapes = Record<string, [shape: number[], dtype: string]>

/** How matrices are stored; all else, and rows that do not go into whole blocks, is in halves. */
export type StoredForm = 'F16' | 'fp8' | 'int8' | 'Q8_0' | 'Q4_0'

interface Form {
  /** Numbers of a block and its bytes. */
  values: number
  bytes: number
  /** In a safetensors header, and the number of `ggml_type`. */
  dtype: string
  ggml: number
  /** Writes a block of numbers whose standard deviation is `spread`, with a factor for all beside it where the form has one. */
  fill(block: DataView, spread: number): void
  /** Factors beside a tensor, all the same: how many, and of what size for numbers of `spread`. */
  factors?(rows: number, spread: number): { shape: number[]; value: number }
}

/** Standard deviations of what is stored: whole numbers in -127..127 and in -8..7, and 8-bit floats of 0.25 to 1. */
const spreads = { int8: 73.6, int4: 4.6, float8: 0.58 }
const byte = (): number => Math.floor(256 * Math.random())

const forms: Record<StoredForm, Form> = {
  F16: {
    ...{ values: 1, bytes: 2, dtype: 'F16', ggml: 1 },
    fill: (block, spread) => block.setFloat16(0, spread * normal(), true),
  },
  fp8: {
    ...{ values: 1, bytes: 1, dtype: 'F8_E4M3', ggml: NaN },
    fill: (block) => block.setUint8(0, (byte() & 0x87) | (byte() < 128 ? 0x28 : 0x30)),
    factors: (_, spread) => ({ shape: [], value: spread / spreads.float8 }),
  },
  int8: {
    ...{ values: 1, bytes: 1, dtype: 'I8', ggml: NaN },
    fill: (block) => block.setInt8(0, (byte() % 255) - 127),
    factors: (rows, spread) => ({ shape: [rows], value: spread / spreads.int8 }),
  },
  Q8_0: {
    ...{ values: 32, bytes: 34, dtype: '', ggml: 8 },
    fill(block, spread) {
      block.setFloat16(0, spread / spreads.int8, true)
      for (let i = 2; i < 34; i++) block.setInt8(i, (byte() % 255) - 127)
    },
  },
  Q4_0: {
    ...{ values: 32, bytes: 18, dtype: '', ggml: 2 },
    fill(block, spread) {
      block.setFloat16(0, spread / spreads.int4, true)
      for (let i = 2; i < 18; i++) block.setUint8(i, byte())
    },
  },
}

const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())

/** The ending of a file of a form. */
export const endingOf = (form: StoredForm): string => (form.startsWith('Q') ? '.gguf' : '.safetensors')

interface Piece {
  key: string
  shape: readonly number[]
  form: Form
  bytes: number
  /** What is written again and again until the tensor is full. */
  repeated: Buffer
}

/**
 * Writes random numbers under published names: matrices of the spread that keeps activations in bounds (He et al. 2015:
 * 1 / √ inputs), norms 1, biases 0. Streams: nothing larger than a mebibyte is kept. `hollow`: all numbers are a hole in the
 * file, which takes no room then.
 */
export async function writeRandomWeights(
  path: string,
  shapes: Shapes,
  form: StoredForm,
  { hollow = false } = {},
): Promise<void> {
  const pieces = Object.entries(shapes)
    .filter(([, [, dtype]]) => dtype !== 'I64')
    .flatMap(([key, [shape]]) => piecesOf(key, shape, form))
  const [head, alignment] = form.startsWith('Q') ? [ggufHead(pieces), 32] : [safetensorsHead(pieces), 1]
  const file = await open(path, 'w')
  try {
    await file.write(head)
    if (hollow) {
      const end = pieces.reduce((sum, { bytes }) => sum + bytes + filling(bytes, alignment), head.length)
      return await file.truncate(end)
    }
    for (const piece of pieces) {
      await writeRepeated(file, piece)
      await file.write(Buffer.alloc(filling(piece.bytes, alignment)))
    }
  } finally {
    await file.close()
  }
}

async function writeRepeated(file: FileHandle, { repeated, bytes }: Piece): Promise<void> {
  for (let written = 0; written < bytes; written += repeated.length)
    await file.write(repeated, 0, Math.min(repeated.length, bytes - written))
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

function piecesOf(key: string, shape: readonly number[], wanted: StoredForm): Piece[] {
  const half = forms.F16
  const inputs = sizeOf(shape.slice(1))
  if (shape.length === 1) return [piece(key, shape, half, constant(/(bias|mean)$/.test(key) ? 0 : 1))]
  const isMatrix = shape.length === 2 && shape[0] > 1 && inputs % forms[wanted].values === 0
  // Spreads in powers of two, so that few kinds of numbers are to be made.
  const spread = 2 ** -Math.round(Math.log2(Math.sqrt(inputs)))
  const form = isMatrix ? forms[wanted] : half
  const weight = piece(key, shape, form, randomBlocks(form, spread))
  const factors = form.factors?.(shape[0], spread)
  if (!factors) return [weight]
  const single = Buffer.from(Float32Array.of(factors.value).buffer)
  const bytes = 4 * sizeOf(factors.shape)
  const float = { ...half, dtype: 'F32', bytes: 4 }
  return [weight, { key: `${key}_scale`, shape: factors.shape, form: float, bytes, repeated: single }]
}

const piece = (key: string, shape: readonly number[], form: Form, repeated: Buffer): Piece => ({
  ...{ key, shape, form, repeated },
  bytes: (sizeOf(shape) / form.values) * form.bytes,
})

const made = new Map<string, Buffer>()

function kept(name: string, make: () => Buffer): Buffer {
  const known = made.get(name) ?? make()
  made.set(name, known)
  return known
}

const constant = (value: number): Buffer =>
  kept(`${value}`, () => Buffer.from(new Float16Array(2 ** 12).fill(value).buffer))

const randomBlocks = (form: Form, spread: number): Buffer =>
  kept(`${form.ggml} ${form.dtype} ${spread}`, () => {
    const blocks = Math.floor(2 ** 20 / form.bytes)
    const buffer = new ArrayBuffer(blocks * form.bytes)
    for (let i = 0; i < blocks; i++) form.fill(new DataView(buffer, i * form.bytes, form.bytes), spread)
    return Buffer.from(buffer)
  })

const filling = (bytes: number, alignment: number): number => (alignment - (bytes % alignment)) % alignment

/** Where each piece begins. */
function offsets(pieces: readonly Piece[], alignment: number): number[] {
  let end = 0
  return pieces.map(({ bytes }) => {
    const begin = end
    end += bytes + filling(bytes, alignment)
    return begin
  })
}

function safetensorsHead(pieces: readonly Piece[]): Buffer {
  const begins = offsets(pieces, 1)
  const header: Record<string, unknown> = {}
  for (const [i, { key, shape, form, bytes }] of pieces.entries())
    header[key] = { dtype: form.dtype, shape, data_offsets: [begins[i], begins[i] + bytes] }
  const json = JSON.stringify(header)
  const text = Buffer.from(json + ' '.repeat(filling(json.length, 8)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text])
}

/** https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3, without metadata. */
function ggufHead(pieces: readonly Piece[]): Buffer {
  const begins = offsets(pieces, 32)
  const int = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
  const long = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
  const infos = pieces.flatMap(({ key, shape, form }, i) => [
    ...[long(Buffer.byteLength(key)), Buffer.from(key), int(shape.length)],
    ...[...shape.toReversed().map(long), int(form.ggml), long(begins[i])],
  ])
  const head = Buffer.concat([Buffer.from('GGUF'), int(3), long(pieces.length), long(0), ...infos])
  return Buffer.concat([head, Buffer.alloc(filling(head.length, 32))])
}
