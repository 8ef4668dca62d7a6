import { StudioError } from '../../../shared/errors.ts'
import { nearestNames } from '../../../shared/nearestNames.ts'
import { kindNames, type FileKind, type OwnedFile } from '../../../shared/models/ownedFile.ts'
import { stemOf } from '../files/companions.ts'

/**
 * The file of these that is meant by a name (compared without case, with or without folders before it), by the
 * beginning of one of its hashes (8 digits or more), or by its id. Throws `not-found`, or `bad-request` when several
 * have that name.
 */
export function findOwned(files: readonly OwnedFile[], kind: FileKind, said: string): OwnedFile {
  return files.find(({ id }) => id === said) ?? withHash(files, said) ?? withName(files, said, kind)
}

function withHash(files: readonly OwnedFile[], hash: string): OwnedFile | undefined {
  const digits = hash.toLowerCase()
  if (!/^[0-9a-f]{8,64}$/.test(digits)) return undefined
  return files.find(({ hash: sha256, headerlessHash }) =>
    [sha256, headerlessHash].some((known) => known?.startsWith(digits) ?? false),
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
  const names = files.map(({ name }) => name)
  const nearest = nearestNames(said, names, 3)
  const likely = nearest.length > 0 ? ` The nearest are ${nearest.join(', ')}.` : ''
  throw new StudioError(
    'not-found',
    `"${said}" is not the name of ${kindNames[kind]} in the model folders.${likely} Add the folder it lies in.`,
  )
}

/** By its name, or by its path below the model folder or the last folders of that. */
function isNamed({ name, below }: OwnedFile, said: string): boolean {
  const wanted = stemOf(said.replaceAll('\\', '/')).toLowerCase()
  return name.toLowerCase() === wanted || `/${stemOf(below).toLowerCase()}`.endsWith(`/${wanted}`)
}

const isOneContent = ([first, ...others]: readonly OwnedFile[]): boolean =>
  first.hash !== null && others.every(({ hash }) => hash === first.hash)
