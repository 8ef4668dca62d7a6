import { readFile } from 'node:fs/promises'
import { generationRequestSchema, type GenerationRequestInput } from '../shared/request/request.ts'
import { StudioError } from '../shared/errors.ts'
import { pipe, readStandardInput } from './program/standardInput.ts'

/** A job of a file: what its line says, and where it stands. */
export interface RequestLine {
  request: Partial<GenerationRequestInput>
  /** From 1. */
  line: number
}

/** A prompt on each line; empty lines and those that begin with # are none. */
export async function readPrompts(file: string): Promise<RequestLine[]> {
  const lines = await readLines('--prompts', file)
  const found = lines.filter(({ words }) => !words.startsWith('#'))
  if (found.length === 0) throw new StudioError('bad-request', `--prompts: there is no prompt in ${file}.`)
  return found.map(({ words, line }) => ({ request: { prompt: words }, line }))
}

/** JSON Lines (jsonlines.org): an object with the fields of a request on each line. */
export async function readRequests(file: string): Promise<RequestLine[]> {
  const lines = await readLines('--requests', file)
  if (lines.length === 0) throw new StudioError('bad-request', `--requests: there is no request in ${file}.`)
  return lines.map(({ words, line }) => ({ request: objectOf(words, line), line }))
}

function objectOf(words: string, line: number): RequestLine['request'] {
  const wrong = (why: string): StudioError =>
    new StudioError('bad-request', `--requests: line ${line} ${why}.`)
  let read: unknown
  try {
    read = JSON.parse(words)
  } catch (error) {
    throw wrong(`is no JSON: ${(error as Error).message}`)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw wrong('must be an object in { }')
  return read
}

async function readLines(option: string, file: string): Promise<{ words: string; line: number }[]> {
  const bytes = file === pipe ? await readStandardInput(option) : await readNamed(option, file)
  return bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((words, index) => ({ words: words.trim(), line: index + 1 }))
    .filter(({ words }) => words !== '')
}

const readNamed = (option: string, file: string): Promise<Buffer> =>
  readFile(file).catch((error: Error) => {
    throw new StudioError('bad-request', `${option}: ${file} cannot be read: ${error.message}.`)
  })

/** The fields of a request that mean nothing in one, by their paths; of one that cannot be read: none. */
export function unknownFields(request: Partial<GenerationRequestInput>): string[] {
  const read = generationRequestSchema.safeParse({ prompt: '', ...request })
  return read.success ? missing(request, read.data) : []
}

/** Paths of what an object has and what was read of it has not. */
function missing(given: unknown, read: unknown, path = ''): string[] {
  if (typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return []
  return Object.entries(given).flatMap(([key, value]) =>
    key in read ? missing(value, (read as Record<string, unknown>)[key], `${path}${key}.`) : [path + key],
  )
}
