import { basename, relative, sep } from 'node:path'
import type { FileKind, FolderTool } from '../../../shared/models/ownedFile.ts'
import { fileId, formerFileId, modelName } from '../files/fileNames.ts'
import { findModelsBelow, withoutRepeats } from '../findModels.ts'
import { expectedKind } from './folderKinds.ts'
import { stampFiles, type StampedModel } from '../files/stampFiles.ts'
import { modelPlaces } from './toolFolders.ts'
import type { Saying, Warn } from '../../../shared/notices.ts'

/** A file or folder with weights on disk that nobody has looked into yet. */
export interface FoundFile extends StampedModel {
  id: string
  /** The id it had in versions whose ids followed the absolute path. */
  formerId: string | null
  name: string
  builtIn: boolean
  /** The model folder it was found in. */
  folder: string
  tool: FolderTool | null
  /** What the folder it lies in is for; null where that says nothing. */
  expected: FileKind | null
}

export interface FolderScan {
  files: FoundFile[]
  /** The folders that were looked into, for whoever watches them. */
  folders: string[]
}

export interface ScanOptions {
  builtInFolder: string
  folders: () => readonly string[]
  /** Tells the person of a folder that was not looked through to its end. */
  warn: Warn
}

/** Looks through the built-in models and the folders a person named. Never throws. */
export async function scanFolders({ builtInFolder, folders, warn }: ScanOptions): Promise<FolderScan> {
  const [builtIn, ...others] = await Promise.all([
    findModelsBelow(builtInFolder).then(({ models }) => stampFiles(models)),
    ...folders().map(scanFolder),
  ])
  for (const problem of others.flatMap(({ problems }) => problems)) warn(problem)
  const shipped = builtIn.map((model) => ({
    ...named(model, { folder: builtInFolder, tool: null, expected: 'checkpoint' }),
    id: modelName(model.path),
    formerId: null,
    builtIn: true,
  }))
  const added = withoutRepeats(others.flatMap(({ files }) => files))
  return {
    files: [...shipped.sort(byName), ...withOwnIds(added).sort(byName)],
    folders: others.flatMap((other) => other.folders),
  }
}

async function scanFolder(
  folder: string,
): Promise<{ files: FoundFile[]; folders: string[]; problems: Saying[] }> {
  const { places, problems } = await modelPlaces(folder)
  const scans = places.map(async ({ path, tool, expected }) => {
    // What a program's list names may lie anywhere.
    const root = isWithin(folder, path) ? folder : path
    const scan = await findModelsBelow(root, [path])
    const stamped = await stampFiles(scan.models)
    const files = stamped.map((model) => {
      const said = expectedKind([basename(folder), ...relative(folder, model.path).split(sep).slice(0, -1)])
      return named(model, { folder, tool, expected: expected ?? said })
    })
    return { ...scan, files }
  })
  const done = await Promise.all(scans)
  return {
    files: done.flatMap(({ files }) => files),
    folders: done.flatMap((scan) => scan.folders),
    problems: [...problems, ...done.flatMap(({ problem }) => problem ?? [])],
  }
}

const isWithin = (folder: string, path: string): boolean => !relative(folder, path).startsWith('..')

const named = (model: StampedModel, place: Pick<FoundFile, 'folder' | 'tool' | 'expected'>): FoundFile => ({
  ...model,
  ...place,
  id: fileId(model.path, model.below),
  formerId: formerFileId(model.path),
  name: modelName(model.path),
  builtIn: false,
})

const byName = (one: FoundFile, other: FoundFile): number => one.name.localeCompare(other.name)

/** Where two folders hold the same name at the same place, the later ones are counted. */
function withOwnIds(files: readonly FoundFile[]): FoundFile[] {
  const counts = new Map<string, number>()
  return files.map((file) => {
    const count = (counts.get(file.id) ?? 0) + 1
    counts.set(file.id, count)
    return count === 1 ? file : { ...file, id: `${file.id}-${count}` }
  })
}
