import type { CompanionTexts } from './companionTexts.ts'
import type { ExaminedFile, Examinations } from './examinations.ts'
import { scanFolders, type FolderScan, type FoundFile, type ScanOptions } from '../folders/folderScan.ts'
import type { StampedModel } from './stampFiles.ts'

/** A file with what its header and the files beside it say. */
export interface KnownFile extends ExaminedFile {
  said: CompanionTexts
}

/** The files with weights in the model folders, and what they say of themselves. */
export interface FileLibrary {
  /** What lies there, not looked into. */
  found(): Promise<readonly FoundFile[]>
  /** The same with all headers read. */
  examined(): Promise<readonly KnownFile[]>
  /** What of it is known by now. */
  soFar(): readonly KnownFile[]
  /** Looks through the folders again; what was known of files that have not changed stays known. */
  rescan(): void
  /** How many files are known, of how many. */
  progress(): LookProgress
}

interface LookProgress {
  phase: 'looking' | 'examining' | 'done'
  done: number
  of: number
}

export interface FileLibraryOptions extends ScanOptions {
  examinations: Examinations
  readCompanions: (model: StampedModel) => Promise<CompanionTexts>
  /** More is known, or something has changed. */
  changed: () => void
  /** Everything is known. */
  complete: (files: readonly KnownFile[], folders: readonly string[]) => void
}

interface Look {
  scan: Promise<FolderScan>
  examined: Promise<KnownFile[]>
  known: KnownFile[]
  progress: LookProgress
  /** Changes whenever a file does. */
  stamps: string
}

/** Files whose companions are read before the person hears of them. */
const atOnce = 100

export function openFileLibrary(options: FileLibraryOptions): FileLibrary {
  let look: Look | null = null

  function begin(before: Look | null): Look {
    const scan = scanFolders(options)
    const started: Look = {
      scan,
      examined: scan.then(learnAll),
      // What was known is shown until more is.
      known: before?.known ?? [],
      progress: { phase: 'looking', done: 0, of: 0 },
      stamps: '',
    }

    async function learnAll({ files, folders }: FolderScan): Promise<KnownFile[]> {
      started.stamps = files.map(stampsOf).join('\n')
      const isAsBefore = before?.progress.phase === 'done' && before.stamps === started.stamps
      if (!isAsBefore) started.known = await examineAll(files)
      started.progress = { phase: 'done', done: files.length, of: files.length }
      if (look === started && !isAsBefore) {
        options.changed()
        options.complete(started.known, folders)
      }
      return started.known
    }

    async function examineAll(files: readonly FoundFile[]): Promise<KnownFile[]> {
      const byPath = new Map<string, KnownFile>()
      const sofar = (): KnownFile[] => files.flatMap(({ path }) => byPath.get(path) ?? []).filter(isWanted)
      async function learn(examined: readonly ExaminedFile[]): Promise<void> {
        for (const file of examined)
          byPath.set(file.path, { ...file, said: await options.readCompanions(file) })
        // A shorter list than the one before would make files come and go on the screen.
        if (!before) started.known = sofar()
        started.progress = { phase: 'examining', done: byPath.size, of: files.length }
        if (look === started) options.changed()
      }
      for (let from = 0; from < files.length; from += atOnce) {
        const some = files.slice(from, from + atOnce)
        await learn(some.flatMap((file) => options.examinations.known(file) ?? []))
      }
      const unknown = files.filter(({ path }) => !byPath.has(path))
      await options.examinations.examine(unknown, learn)
      return sofar()
    }

    // Whoever waits for it hears of a failure; that nobody does is none.
    started.examined.catch(() => {})
    return started
  }

  const current = (): Look => (look ??= begin(null))
  return {
    found: async () => (await current().scan).files,
    examined: () => current().examined,
    soFar: () => current().known,
    rescan: () => void (look = begin(look)),
    progress: () => current().progress,
  }
}

const stampsOf = ({ path, id, seen, texts, picture }: FoundFile): string =>
  [path, id, seen?.stamp, ...texts.map(({ stamp }) => stamp), picture?.stamp].join('|')

/** The cache of Hugging Face holds language models and much else beside what pictures are made with. */
const isWanted = ({ tool, isFolder, examination }: ExaminedFile): boolean =>
  tool !== 'Hugging Face' ||
  isFolder ||
  (!['unknown', 'text-encoder'].includes(examination.kind) && examination.problem?.code !== 'pickle-refused')
