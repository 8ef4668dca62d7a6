import { closeSync, openSync, readSync } from 'node:fs'
import { dataTypes } from '../graph/onnx.ts'

/**
 * The type that most weights of an ONNX model are stored in, without reading them: the file's protobuf fields are
 * walked from length to length. `unknown` where it cannot be told. Field numbers are those of onnx.proto3.
 */
export function readOnnxDtype(path: string): string {
  const file = openSync(path, 'r')
  try {
    const fields = (start: number, end: number): Iterable<Field> => walk(file, start, end)
    const graph = [...fields(0, Number.MAX_SAFE_INTEGER)].find(({ number }) => number === 7)
    if (!graph) return 'unknown'
    const counts = new Map<number, number>()
    for (const initializer of fields(graph.start, graph.end)) {
      if (initializer.number !== 5) continue
      const type =
        [...fields(initializer.start, initializer.end)].find(({ number }) => number === 2)?.value ?? 0
      counts.set(type, (counts.get(type) ?? 0) + 1)
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a)
    return Object.entries(dataTypes).find(([, code]) => code === most?.[0])?.[0] ?? 'unknown'
  } finally {
    closeSync(file)
  }
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
    yield head.field
    at = head.next
  }
}

/** The tag and the length or value after it; null at the end of the file or where it is no protobuf. */
function readHead(file: number, at: number): { field: Field; next: number } | null {
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
  if (tag % 8 === 0) {
    const value = varint()
    return { field: { number, value, start: at, end: at }, next: at + used }
  }
  const length = fixed ?? (tag % 8 === 2 ? varint() : -1)
  if (length < 0) return null
  const start = at + used
  return { field: { number, value: 0, start, end: start + length }, next: start + length }
}
