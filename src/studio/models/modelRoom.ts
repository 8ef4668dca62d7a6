import type { ModelInfo, ModelRecord } from '../../shared/models/models.ts'
import type { Database } from '../history/database/database.ts'
import type { restingEngine } from '../engine/restingEngine.ts'
import { throttled } from '../throttled.ts'
import { createCompanionReader } from './files/companionTexts.ts'
import { openExaminations } from './files/examinations.ts'
import { openFileHashes, type FileHashes } from './files/fileHashes.ts'
import { openFileLibrary } from './files/fileLibrary.ts'
import { hashInBackground } from './files/hashInBackground.ts'
import { openKeptFiles } from './owned/keptFiles.ts'
import { openModelLibrary, type ModelLibrary } from './modelLibrary.ts'
import { openModelPictures } from './modelPictures.ts'
import { openOwnedFiles, type OwnedFiles } from './owned/ownedFiles.ts'
import { watchFolders } from './folders/watchFolders.ts'
import type { Warn } from '../../shared/notices.ts'

export interface ModelRoom {
  models: ModelLibrary
  owned: OwnedFiles
  hashes: FileHashes
  close(): void
}

export interface ModelRoomParts {
  database: Database
  dataFolder: string
  writer: string
  builtInFolder: string
  folders: () => readonly string[]
  /** Answers at once, whatever runs. */
  describe: (path: string) => Promise<ModelInfo>
  allowAnyPath: boolean
  modelHash: (path: string) => Promise<string>
  /** Looks at files and runs nothing. */
  examiner: ReturnType<typeof restingEngine>
  isBusy: () => boolean
  /** Whether changes on disk are followed, and files hashed beside the work. */
  follow: boolean
  warn: Warn
  filesChanged: () => void
  modelsChanged: (models: ModelRecord[]) => void
}

/** How often clients hear of more files being known, in ms: each time they ask for the whole list. */
const tellMs = 1000

/** The models, and the files of all kinds beside them: what finds, examines, hashes and watches them. */
export function openModelRoom(parts: ModelRoomParts): ModelRoom {
  const { database, examiner, follow } = parts
  const tell = throttled(parts.filesChanged, tellMs)
  const kept = openKeptFiles(database, parts.warn)
  const hashes = openFileHashes(database, examiner.hashFile, parts.modelHash)
  const pictures = openModelPictures({ ...parts, headerThumbnail: examiner.headerThumbnail })
  const watching = follow ? watchFolders(lookAgain) : null
  const library = openFileLibrary({
    ...parts,
    examinations: openExaminations(database, examiner.examineFiles),
    readCompanions: createCompanionReader(),
    changed: tell,
    complete(files, folders) {
      if (!follow) return
      watching?.set({ roots: parts.folders(), all: folders })
      hashing.begin(files)
      void pictures.removeUnused(files).catch(() => {})
      tellModels()
    },
  })
  const models = openModelLibrary({ ...parts, files: library, defaultsOf, answeredLate: tellModels })
  const hashing = hashInBackground({
    hashes,
    isBusy: parts.isBusy,
    isUrgent: ({ path, seen }) => kept.concerns({ path, size: seen!.size }),
    hashed({ path, seen }, hash) {
      // What is kept is found by the hash alone as well.
      void kept.identify({ path, size: seen!.size, hash }).catch(() => {})
      tell()
    },
  })

  function defaultsOf(path: string) {
    const file = library.soFar().find((one) => one.path === path)
    return kept.read()({ path, hash: (file && hashes.known(file)?.sha256) ?? null }).defaults
  }

  function lookAgain(): void {
    if (library.progress().phase === 'done') library.rescan()
  }

  /** What is wrong with models is known once they were opened. A studio that was closed meanwhile has no use for it. */
  function tellModels(): void {
    const told = models.list().then(parts.modelsChanged)
    told.then(tell, () => {})
  }

  const examineModel = (path: string) => examiner.examineModel(path, { hash: false })
  if (follow) void library.examined().catch(() => {})
  return {
    models,
    hashes,
    owned: openOwnedFiles({ library, models, hashes, hashing, kept, pictures, examineModel }),
    close() {
      watching?.close()
      hashing.stop()
    },
  }
}
