import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { dataTypes } from '../../graph/writing/onnx.ts'
import { stubOfDownload } from './safetensors.ts'

/**
 * Looks through an ONNX model without reading its weights: the file's protobuf fields are walked from length to length,
 * to its end, and files beside it that hold weights are looked for. Answers the type that most weights are stored in,
 * `unknown` where it cannot be told. Throws `bad-checkpoint` for a file that is empty, cut off, no ONNX model, or whose
 * weights are not there. Field numbers are those of onnx.proto3.
 */
export function readOnnxFile(path: string): { dtype: string } {
  if (!statSync(path).isFile()) throw broken(path, 'it is a folder, a pipe or a device and not a file')
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const beginning = Buffer.alloc(Math.min(size, 64))
    readSync(file, beginning, 0, beginning.length, 0)
    const stub = stubOfDownload(beginning)
    if (stub) throw broken(path, stub)
    const graph = graphOf(path, file, size)
    const initializers = [...walk(file, graph.start, graph.end)].filter(({ number }) => number === 5)
    const fields = initializers.map(({ start, end }) => [...walk(file, start, end)])
    checkExternalData(path, file, fields)
    return { dtype: mostFrequentType(fields) }
  } finally {
    closeSync(file)
  }
}

const broken = (path: string, what: string): StudioError =>
  new StudioError('bad-checkpoint', `${path} cannot be read: ${what}.`)

/** The field of a model that is its graph, once all fields were found to lie within the file. */
function graphOf(path: string, file: number, size: number): Field {
  let [end, graph]: [number, Field | null] = [0, null]
  for (const field of walk(file, 0, size)) {
    if (field.end > size)
      throw broken(
        path,
        `it should go on to byte ${field.end} but ends at ${size}: the download broke off, get it again`,
      )
    if (field.number === 7) graph = field
    end = field.end
  }
  if (graph && end === size) return graph
  throw broken(path, 'it is no ONNX model: download it again')
}

/** Weights too large for the file itself lie beside it. */
function checkExternalData(path: string, file: number, initializers: readonly Field[][]): void {
  const needed = new Map<string, number>()
  for (const fields of initializers) {
    const entries = fields.filter(({ number }) => number === 13).map((field) => readEntry(file, field))
    const { location, offset = '0', length = '0' } = Object.fromEntries(entries) as Record<string, string>
    if (location === undefined) continue
    needed.set(location, Math.max(needed.get(location) ?? 0, Number(offset) + Number(length)))
  }
  for (const [location, bytes] of needed) {
    const found = statSync(join(dirname(path), location), { throwIfNoEntry: false })
    if (!found?.isFile())
      throw broken(
        path,
        `its weights should lie beside it in ${location}, which is not there: download that too`,
      )
    if (found.size < bytes)
      throw broken(
        path,
        `its weights in ${location} should go on to byte ${bytes} but end at ${found.size}: the download broke off, get it again`,
      )
  }
}

/** A StringStringEntryProto. */
function readEntry(file: number, { start, end }: Field): [key: string, value: string] {
  const texts = ['', '']
  for (const field of walk(file, start, end)) {
    const bytes = Buffer.alloc(Math.min(field.end - field.start, 4096))
    readSync(file, bytes, 0, bytes.length, field.start)
    texts[field.number - 1] = bytes.toString()
  }
  return [texts[0], texts[1]]
}

function mostFrequentType(initializers: readonly Field[][]): string {
  const counts = new Map<number, number>()
  for (const fields of initializers) {
    const type = fields.find(({ number }) => number === 2)?.value ?? 0
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return Object.entries(dataTypes).find(([, code]) => code === most?.[0])?.[0] ?? 'unknown'
}

/** A field: its value if it is a number, else where its bytes lie. */
interface Field {
  number: number
  value: number
  start: number
  end: number
}

function* walk(file: number, from: number, end: number): Generator<Field> {
  let at = from
  while (at < end) {
    const head = readHead(file, at)
    if (!head) return
    yield head
    at = head.end
  }
}

/** The tag and the length or value after it; null at the end of the file or where it is no protobuf. */
function readHead(file: number, at: number): Field | null {
  const bytes = Buffer.alloc(20)
  const available = readSync(file, bytes, 0, bytes.length, at)
  let used = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; used < available; shift *= 128) {
      const byte = bytes[used++]
      value += (byte & 0x7f) * shift
      if (byte < 0x80) break
    }
    return value
  }
  if (available === 0) return null
  const tag = varint()
  const number = Math.floor(tag / 8)
  const fixed = { 1: 8, 5: 4 }[tag % 8]
  if (number === 0) return null
  if (tag % 8 === 0) {
    const value = varint()
    return { number, value, start: at + used, end: at + used }
  }
  const length = fixed ?? (tag % 8 === 2 ? varint() : -1)
  if (length < 0) return null
  const start = at + used
  return { number, value: 0, start, end: start + length }
}
