import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { marksSchema, type MarkedImage, type Marks } from '../../../shared/library/marks.ts'
import { makeFolder } from '../../files.ts'
import { isImageId } from '../../pictures/imageFiles.ts'

/**
 * The marks of pictures in a file beside them, `marks.jsonl`: a line of JSON for every change, that says all marks a
 * picture has from then on; the last line of a picture counts. A line that was cut off is none. Whoever writes holds the
 * database's lock for writing.
 */
export interface MarkJournal {
  /** Returns once it is on the disk. */
  append(marked: readonly MarkedImage[]): void
  /** What every picture has by its last line. */
  read(): Map<string, Marks>
  /** Leaves the last line of each picture, and none of those that are gone; without a line, no file. */
  shorten(gone: ReadonlySet<string>): void
  /** Whether it has grown so long that `shorten` is worth while. */
  isLong(): boolean
}

const lineSchema = marksSchema.extend({ id: z.string().refine(isImageId) })
const longestJournal = 4 * 2 ** 20

/** @param folder that of the images. */
export function openMarkJournal(folder: string): MarkJournal {
  const file = join(folder, 'marks.jsonl')
  const toLine = ({ id, marks }: MarkedImage): string => `${JSON.stringify({ id, ...marks })}\n`

  function read(): Map<string, Marks> {
    const found = new Map<string, Marks>()
    if (!existsSync(file)) return found
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const marked = readLine(line)
      if (marked) found.set(marked.id, marked.marks)
    }
    return found
  }

  return {
    read,
    append(marked) {
      makeFolder(folder)
      const isNew = !existsSync(file)
      // Before it may stand a line that was cut off.
      write(file, 'a', `\n${marked.map(toLine).join('')}`)
      if (isNew) syncFolder(folder)
    },
    shorten(gone) {
      if (!existsSync(file)) return
      const kept = [...read()].filter(([id, marks]) => !gone.has(id) && hasAny(marks))
      if (kept.length === 0) return rmSync(file, { force: true })
      const temporary = join(folder, '.marks.jsonl.part')
      write(temporary, 'w', kept.map(([id, marks]) => toLine({ id, marks })).join(''))
      renameSync(temporary, file)
      syncFolder(folder)
    },
    isLong: () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > longestJournal,
  }
}

function readLine(line: string): MarkedImage | null {
  if (line === '') return null
  try {
    const { id, ...marks } = lineSchema.parse(JSON.parse(line))
    return { id, marks }
  } catch {
    return null
  }
}

const hasAny = ({ rating, isRejected, tags, albums }: Marks): boolean =>
  rating > 0 || isRejected || tags.length > 0 || albums.length > 0

function write(path: string, how: 'a' | 'w', text: string): void {
  const file = openSync(path, how)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes a new name in a folder survive a power cut; Windows opens no folders, and NTFS journals names itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
