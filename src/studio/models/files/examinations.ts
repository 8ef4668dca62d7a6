import { extname } from 'node:path'
import type { FileExamination } from '../../../shared/engine/examination.ts'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import { fileKinds, type FileKind } from '../../../shared/models/ownedFile.ts'
import type { Database } from '../../history/database/database.ts'
import { whenUnlocked } from '../../history/database/whenUnlocked.ts'
import type { FoundFile } from '../folders/folderScan.ts'

export interface ExaminedFile extends FoundFile {
  examination: FileExamination
}

export interface Examinations {
  /** What is known of a file without opening it; null: it has to be examined. */
  known(file: FoundFile): ExaminedFile | null
  /** Opens those that nothing is known of; each is told of as soon as it is known. */
  examine(
    files: readonly FoundFile[],
    tell: (examined: readonly ExaminedFile[]) => Promise<void>,
  ): Promise<void>
}

/** Raised whenever headers are read in another way than before, so that what is kept of them is read again. */
const revision = 2
/** Files that are asked about at once. */
const atOnce = 200

/** What the headers of files say, kept in the database while size and time of modification stand. */
export function openExaminations(
  database: Database,
  examineFiles: (paths: readonly string[]) => Promise<FileExamination[]>,
): Examinations {
  const select = database
    .prepare('SELECT examination FROM fileExaminations WHERE path = ? AND stamp = ?')
    .pluck()
  const insert = database.prepare(
    'INSERT OR REPLACE INTO fileExaminations (path, stamp, examination) VALUES (?, ?, ?)',
  )
  const stampOf = ({ seen }: FoundFile): string => `${revision} ${seen?.stamp}`

  function known(file: FoundFile): ExaminedFile | null {
    const unopened = withoutOpening(file)
    if (unopened) return { ...file, examination: unopened }
    const kept = select.get(file.path, stampOf(file)) as string | undefined
    const examination = kept === undefined ? null : readKept(kept)
    return examination && { ...file, examination }
  }

  const keep = database.transaction((examined: readonly ExaminedFile[]) => {
    for (const { examination, ...file } of examined)
      if (isLasting(examination.problem)) insert.run(file.path, stampOf(file), JSON.stringify(examination))
  })

  async function examineSome(files: readonly FoundFile[]): Promise<ExaminedFile[]> {
    const answers = await examineFiles(files.map(({ path }) => path)).catch((error: unknown) => {
      const problem = toErrorRecord(error)
      return files.map((): FileExamination => ({ ...nothing, problem }))
    })
    const examined = files.map((file, index) => ({ ...file, examination: answers[index] }))
    // What cannot be kept now is read again the next time.
    await whenUnlocked(() => keep(examined)).catch(() => {})
    return examined
  }

  return {
    known,
    async examine(files, tell) {
      for (let from = 0; from < files.length; from += atOnce)
        await tell(await examineSome(files.slice(from, from + atOnce)))
    },
  }
}

/** null: it cannot be read any more, and the file is examined again. */
function readKept(text: string): FileExamination | null {
  try {
    const examination = JSON.parse(text) as FileExamination | null
    return examination && fileKinds.includes(examination.kind) ? examination : null
  } catch {
    return null
  }
}

const nothing: FileExamination = { kind: 'unknown', family: null, dtype: null, texts: null, problem: null }

/** What is in the file is; an engine that died may answer next time. */
const isLasting = (problem: ErrorRecord | null): boolean =>
  problem === null || ['bad-checkpoint', 'unsupported-model'].includes(problem.code)

/** What is said of files that are not opened; null for those that are. */
function withoutOpening({ path, isFolder, seen, expected }: FoundFile): FileExamination | null {
  const as = (kind: FileKind, problem: ErrorRecord | null): FileExamination => ({ ...nothing, kind, problem })
  if (isFolder) return as('checkpoint', null)
  const ending = extname(path).toLowerCase()
  if (!seen) return as(expected ?? 'unknown', leadsNowhere(path))
  if (['.safetensors', '.sft', '.gguf'].includes(ending)) return null
  if (ending === '.onnx') return as(expected ?? 'unknown', null)
  return as(expected ?? (ending === '.ckpt' ? 'checkpoint' : 'unknown'), pickle(path))
}

const leadsNowhere = (path: string): ErrorRecord => ({
  code: 'not-found',
  message: `${path} is a link, and what it leads to is not there or may not be read. Mend the link, or remove it.`,
})

const pickle = (path: string): ErrorRecord => ({
  code: 'pickle-refused',
  message: `${path} is a Python pickle, which can run code when it is opened, so it never is. Get the .safetensors version of it.`,
})
