import { StudioError } from '../../shared/errors.ts'
import { nearestNames } from '../../shared/nearestNames.ts'
import type { FileKind, OwnedFile } from '../../shared/ownedFile.ts'
import type { ExaminedFile } from './examinations.ts'
import type { FileHashes } from './fileHashes.ts'
import type { FileLibrary } from './fileLibrary.ts'
import { stemOf } from './companions.ts'
import { homeOf, isMisplaced } from './folderKinds.ts'

/** All files with weights that a person has, of every kind. */
export interface OwnedFiles {
  files(): Promise<OwnedFile[]>
  /** What of it is known by now. */
  filesSoFar(): OwnedFile[]
  /**
   * A file of a kind by its name (compared without case, with or without folders before it), by the beginning of one of
   * its hashes (8 digits or more), or by its id. Throws `not-found`, or `bad-request` when several have that name.
   */
  findFile(kind: FileKind, nameOrHash: string): Promise<OwnedFile>
}

export function openOwnedFiles(parts: { library: FileLibrary; hashes: FileHashes }): OwnedFiles {
  const { library, hashes } = parts
  const toOwned = (file: ExaminedFile): OwnedFile => ownedFile(file, hashes)
  return {
    files: async () => (await library.examined()).map(toOwned),
    filesSoFar: () => library.soFar().map(toOwned),
    async findFile(kind, nameOrHash) {
      const ofKind = (await library.examined())
        .filter(({ examination }) => examination.kind === kind)
        .map(toOwned)
      return withId(ofKind, nameOrHash) ?? withHash(ofKind, nameOrHash) ?? withName(ofKind, nameOrHash, kind)
    },
  }
}

function ownedFile(file: ExaminedFile, hashes: FileHashes): OwnedFile {
  const { id, name, path, folder, below, tool, builtIn, expected, seen, examination } = file
  const { kind, family, texts, problem } = examination
  const known = hashes.known(file)
  return {
    id,
    kind,
    name,
    title: texts?.title ?? null,
    path,
    folder,
    below,
    tool,
    builtIn,
    family,
    baseModel: texts?.baseModel ?? null,
    size: seen?.size ?? 0,
    modifiedAt: seen?.modifiedAt ?? 0,
    hash: known?.sha256 ?? null,
    headerlessHash: known?.headerless ?? null,
    triggerWords: texts?.triggerWords ?? [],
    previewUrl: null,
    problem,
    misplaced: isMisplaced(kind, expected) ? { expected: expected!, home: homeOf(tool, kind) } : null,
    favourite: false,
    notes: '',
    defaults: {},
  }
}

const withId = (files: readonly OwnedFile[], id: string): OwnedFile | undefined =>
  files.find((file) => file.id === id)

function withHash(files: readonly OwnedFile[], hash: string): OwnedFile | undefined {
  const digits = hash.toLowerCase()
  if (!/^[0-9a-f]{8,64}$/.test(digits)) return undefined
  return files.find((file) =>
    [file.hash, file.headerlessHash].some((known) => known?.startsWith(digits) ?? false),
  )
}

function withName(files: readonly OwnedFile[], said: string, kind: FileKind): OwnedFile {
  const named = files.filter((file) => isNamed(file, said))
  if (named.length === 1 || (named.length > 1 && isOneContent(named))) return named[0]
  if (named.length > 1) {
    const places = named.map(({ below, folder }) => `${stemOf(below)} (${folder})`)
    const message = `Several files are called "${said}". Say which by its folder: ${places.join(', ')}.`
    throw new StudioError('bad-request', message)
  }
  const nearest = nearestNames(
    said,
    files.map(({ name }) => name),
    3,
  )
  const likely = nearest.length > 0 ? ` The nearest are ${nearest.join(', ')}.` : ''
  throw new StudioError(
    'not-found',
    `There is no ${kind} called "${said}".${likely} Add the folder it lies in to the model folders.`,
  )
}

/** By its name, or by its path below the model folder or the last folders of that. */
function isNamed({ name, below }: OwnedFile, said: string): boolean {
  const wanted = stemOf(said.replaceAll('\\', '/')).toLowerCase()
  return name.toLowerCase() === wanted || `/${stemOf(below).toLowerCase()}`.endsWith(`/${wanted}`)
}

const isOneContent = ([first, ...others]: readonly OwnedFile[]): boolean =>
  first.hash !== null && others.every(({ hash }) => hash === first.hash)
