import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Wildcards } from './choosePrompt.ts'
import { decodeText } from './decodeText.ts'
import { wildcardsIn } from './promptTemplate.ts'
import { inEnglish, saying, type Saying } from '../../shared/notices.ts'

/** Hears what is wrong with a file. */
export type Complain = (problem: Saying) => void

/** The wildcards that prompts ask for, those that their lines ask for too. */
export interface FoundWildcards {
  wildcards: Wildcards
  /** Names that no file has. */
  unknown: readonly string[]
  /** Names whose files have no lines, or could not be read. */
  empty: readonly string[]
  /** Files that could not be used, or were not plain text, and why. */
  problems: readonly Saying[]
}

/** Files of a folder, by their names below it without ".txt". */
type Files = ReadonlyMap<string, string>

const mostFiles = 10_000
const deepestFolder = 10
/** Bytes of a text file that is read. */
export const largestFile = 32 * 2 ** 20

/**
 * Reads what templates ask for out of a folder of wildcards: a .txt file a name, one choice a line, without empty
 * lines and those that start with #. Names are compared without regard to case and to how marks are composed; * in a
 * name stands for any part of a file's name, ** for folders too.
 */
export async function findWildcards(folder: string, templates: readonly string[]): Promise<FoundWildcards> {
  const wildcards = new Map<string, readonly string[]>()
  const unknown = new Set<string>()
  const empty = new Set<string>()
  const problems = new Map<string, Saying>()
  const open = templates.flatMap(wildcardsIn)
  if (open.length === 0) return { wildcards, unknown: [], empty: [], problems: [] }
  const files = await listFiles(folder)
  const read = new Map<string, Promise<string[]>>()
  const linesAt = (path: string): Promise<string[]> => {
    const lines = read.get(path) ?? readLines(path, (problem) => problems.set(inEnglish([problem]), problem))
    read.set(path, lines)
    return lines
  }
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (wildcards.has(name) || unknown.has(name) || empty.has(name)) continue
    const paths = matching(files, name)
    const lines = (await Promise.all(paths.map(linesAt))).flat()
    if (lines.length > 0) wildcards.set(name, lines)
    else (paths.length > 0 ? empty : unknown).add(name)
    open.push(...lines.flatMap((line) => (line.includes('__') ? wildcardsIn(line) : [])))
  }
  return { wildcards, unknown: [...unknown], empty: [...empty], problems: [...problems.values()] }
}

/** The names of all wildcards in a folder. */
export const wildcardNames = async (folder: string): Promise<string[]> => [
  ...(await listFiles(folder)).keys(),
]

function matching(files: Files, name: string): string[] {
  const exact = files.get(name)
  if (exact) return [exact]
  const wanted = plainName(name)
  const pattern = wanted.includes('*') ? globPattern(wanted) : null
  return [...files]
    .filter(([known]) => pattern?.test(plainName(known)) ?? plainName(known) === wanted)
    .map(([, path]) => path)
}

const plainName = (name: string): string => name.normalize('NFC').toLowerCase()

const globPattern = (glob: string): RegExp => {
  const parts = glob.split(/(\*+)/).map((part) => {
    if (part === '*') return '[^/]*'
    return part.startsWith('*') ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`, 'u')
}

/** Every .txt file below a folder, links followed. A folder that cannot be read has none. */
async function listFiles(folder: string): Promise<Files> {
  const files = new Map<string, string>()
  async function look(below: string, depth: number): Promise<void> {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (files.size >= mostFiles) return
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      const path = join(folder, name)
      const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry
      if (kind?.isDirectory() && depth < deepestFolder) await look(name, depth + 1)
      else if (kind?.isFile() && /\.txt$/i.test(name)) files.set(name.replace(/\.txt$/i, ''), path)
    }
  }
  await look('', 0)
  return files
}

const readLines = async (path: string, complain: Complain): Promise<string[]> =>
  linesOf(await readText(path, complain))

/** The choices of a wildcard's text. */
export const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))

/** The text of a file; '' where there is none to be had, which is said. */
export async function readText(path: string, complain: Complain): Promise<string> {
  try {
    if ((await stat(path)).size > largestFile) {
      complain(saying('textLarge', { file: path }))
      return ''
    }
    const decoded = decodeText(await readFile(path))
    if (!decoded) complain(saying('textForeign', { file: path }))
    if (decoded?.encoding === 'Windows-1252') complain(saying('textWindows', { file: path }))
    return decoded?.text ?? ''
  } catch (error) {
    complain(saying('textUnread', { file: path, reason: (error as Error).message }))
    return ''
  }
}
