import type { Examinations, ExaminedFile } from './examinations.ts'
import { scanFolders, type FolderScan, type FoundFile, type ScanOptions } from './folderScan.ts'

/** The files with weights in the model folders, and what their headers say. */
export interface FileLibrary {
  /** What lies there, not looked into. */
  found(): Promise<readonly FoundFile[]>
  /** The same with all headers read. */
  examined(): Promise<readonly ExaminedFile[]>
  /** What of it is known by now. */
  soFar(): readonly ExaminedFile[]
  /** Folders that were looked into, for whoever watches them. */
  folders(): Promise<readonly string[]>
  /** Looks through the folders again; what was known of files that have not changed stays known. */
  rescan(): void
  progress(): { known: number; of: number }
}

interface Look {
  scan: Promise<FolderScan>
  examined: Promise<ExaminedFile[]>
  known: ExaminedFile[]
  of: number
}

/** `changed` is called whenever more is known. */
export function openFileLibrary(
  options: ScanOptions & { examinations: Examinations; changed: () => void },
): FileLibrary {
  let look: Look | null = null

  function begin(): Look {
    const scan = scanFolders(options)
    const started: Look = { scan, examined: scan.then(examineAll), known: [], of: 0 }

    async function examineAll({ files }: FolderScan): Promise<ExaminedFile[]> {
      const byPath = new Map<string, ExaminedFile>()
      const learn = (examined: readonly ExaminedFile[]): void => {
        for (const file of examined) byPath.set(file.path, file)
        started.known = files.flatMap((file) => byPath.get(file.path) ?? []).filter(isWanted)
        if (look === started) options.changed()
      }
      started.of = files.length
      const known = files.flatMap((file) => options.examinations.known(file) ?? [])
      learn(known)
      const rest = files.filter(({ path }) => !byPath.has(path))
      if (rest.length > 0) await options.examinations.examine(rest, learn)
      return started.known
    }

    return started
  }

  const current = (): Look => (look ??= begin())
  return {
    found: async () => (await current().scan).files,
    examined: () => current().examined,
    soFar: () => current().known,
    folders: async () => (await current().scan).folders,
    rescan: () => void (look = begin()),
    progress: () => ({ known: current().known.length, of: current().of }),
  }
}

/** The cache of Hugging Face holds language models and much else beside what pictures are made with. */
const isWanted = ({ tool, isFolder, examination }: ExaminedFile): boolean =>
  tool !== 'Hugging Face' ||
  isFolder ||
  (!['unknown', 'text-encoder'].includes(examination.kind) && examination.problem?.code !== 'pickle-refused')
