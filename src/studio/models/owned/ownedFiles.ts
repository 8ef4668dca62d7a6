import type { ModelExamination } from '../../../shared/engine/examination.ts'
import { StudioError, toErrorRecord } from '../../../shared/errors.ts'
import type {
  FileChange,
  FileDefaults,
  FileDetails,
  FileKind,
  FileScan,
  OwnedFile,
} from '../../../shared/models/ownedFile.ts'
import type { FileHashes } from '../files/fileHashes.ts'
import type { FileLibrary, KnownFile } from '../files/fileLibrary.ts'
import { findOwned } from './findOwned.ts'
import type { BackgroundHashing } from '../files/hashInBackground.ts'
import type { KeptFiles } from './keptFiles.ts'
import type { ModelLibrary } from '../modelLibrary.ts'
import type { ModelPictures } from '../modelPictures.ts'
import { fileTexts, ownedFile, type OwnedFacts } from './ownedFile.ts'

/** All files with weights that a person has, of every kind. */
export interface OwnedFiles {
  files(): Promise<OwnedFile[]>
  /** What of it is known by now. */
  filesSoFar(): OwnedFile[]
  /** A file of a kind by its name, the beginning of one of its hashes, or its id: see `findOwned`. */
  findFile(kind: FileKind, nameOrHash: string): Promise<OwnedFile>
  /** All that is known of one, the doctor's findings too. Throws `not-found`. */
  details(id: string): Promise<FileDetails>
  /** Keeps what a person says of one. Throws `not-found`, or `bad-request` for a size that the model cannot make. */
  change(id: string, change: FileChange): Promise<OwnedFile>
  /** A small picture of one as WebP; null: it has none. */
  picture(id: string): Promise<Buffer | null>
  scan(): FileScan
}

export interface OwnedFilesParts {
  library: FileLibrary
  models: ModelLibrary
  hashes: FileHashes
  hashing: BackgroundHashing
  kept: KeptFiles
  pictures: ModelPictures
  examineModel: (path: string) => Promise<ModelExamination>
}

export function openOwnedFiles(parts: OwnedFilesParts): OwnedFiles {
  const { library, models, hashes, kept } = parts
  const facts = (): OwnedFacts => ({ hashes, kept: kept.read(), lastSeen: models.lastSeen })

  function toOwned(files: readonly KnownFile[]): OwnedFile[] {
    const known = facts()
    return files.map((file) => ownedFile(file, known))
  }

  async function known(id: string): Promise<KnownFile> {
    const file =
      library.soFar().find((one) => one.id === id) ?? (await library.examined()).find((one) => one.id === id)
    if (file) return file
    throw new StudioError(
      'not-found',
      `There is no file with the id "${id}" in the model folders. Look for models again.`,
    )
  }

  return {
    files: async () => toOwned(await library.examined()),
    filesSoFar: () => toOwned(library.soFar()),
    async findFile(kind, nameOrHash) {
      const ofKind = (await library.examined()).filter(({ examination }) => examination.kind === kind)
      return findOwned(toOwned(ofKind), kind, nameOrHash)
    },
    async details(id) {
      const file = await known(id)
      const doctor =
        file.examination.kind === 'checkpoint' && file.seen
          ? await examine(file.path, parts.examineModel)
          : null
      return { file: ownedFile(file, facts()), ...fileTexts(file), doctor }
    },
    async change(id, change) {
      const file = await known(id)
      if (change.defaults) await checkSize(id, change.defaults, models)
      await kept.change(ownedFile(file, facts()), change)
      return ownedFile(file, facts())
    },
    async picture(id) {
      const { path, picture, seen } = await known(id)
      return parts.pictures.of({ path, picture, stamp: seen?.stamp ?? '' })
    },
    scan: () => scanState(library, parts.hashing),
  }
}

async function examine(
  path: string,
  examineModel: OwnedFilesParts['examineModel'],
): Promise<FileDetails['doctor']> {
  try {
    const { parts, missing, problems, unused } = await examineModel(path)
    return { parts, missing, findings: problems, unused: unused.length }
  } catch (error) {
    return { parts: [], missing: [], findings: [toErrorRecord(error)], unused: 0 }
  }
}

/** Throws `bad-request` for sides that the model cannot make. */
async function checkSize(id: string, sizes: FileDefaults, models: ModelLibrary): Promise<void> {
  const { info } = await models.find(id)
  for (const side of ['width', 'height'] as const) {
    const found = sizes[side]
    if (!info || found === undefined) continue
    const { minSize, maxSize, sizeMultiple } = info
    if (found >= minSize && found <= maxSize && found % sizeMultiple === 0) continue
    const message = `${side}: must be a multiple of ${sizeMultiple} from ${minSize} to ${maxSize} for this model, found ${found}.`
    throw new StudioError('bad-request', message)
  }
}

function scanState(library: FileLibrary, hashing: BackgroundHashing): FileScan {
  const { phase, done, of } = library.progress()
  if (phase !== 'done') return { phase, done, of }
  const read = hashing.progress()
  return read.done < read.of ? { phase: 'hashing', ...read } : { phase: 'idle', done: 0, of: 0 }
}
