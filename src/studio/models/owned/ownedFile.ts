import { createHash } from 'node:crypto'
import { assetPaths } from '../../../shared/assetPaths.ts'
import type { ModelRecord } from '../../../shared/models/models.ts'
import type { FileDetails, OwnedFile } from '../../../shared/models/ownedFile.ts'
import type { FileHashes } from '../files/fileHashes.ts'
import type { KnownFile } from '../files/fileLibrary.ts'
import { repositoryOf } from '../files/fileNames.ts'
import { homeOf, isMisplaced } from '../folders/folderKinds.ts'
import type { Kept } from './keptFiles.ts'

/** What is known of files beside what they and their companions say. */
export interface OwnedFacts {
  hashes: FileHashes
  kept: (file: Pick<OwnedFile, 'path' | 'hash'>) => Kept
  /** What looking into a model found. */
  lastSeen: (path: string) => ModelRecord | undefined
}

/** A file as a person sees it. What they or another program wrote counts before what its header says. */
export function ownedFile(file: KnownFile, { hashes, kept, lastSeen }: OwnedFacts): OwnedFile {
  const { id, name, path, folder, below, tool, builtIn, expected, seen, examination, said } = file
  const { kind, family, texts, problem } = examination
  const known = hashes.known(file)
  const opened = kind === 'checkpoint' ? lastSeen(path) : undefined
  const hash = known?.sha256 ?? null
  const baseModel = said.baseModel ?? texts?.baseModel ?? null
  return {
    id,
    kind,
    name,
    title: said.title ?? opened?.info?.title ?? texts?.title ?? repositoryOf(path),
    alias: texts?.alias ?? null,
    path,
    folder,
    below,
    tool,
    builtIn,
    family: opened?.info?.family ?? family ?? familyOf(baseModel),
    baseModel,
    size: seen?.size ?? 0,
    modifiedAt: seen?.modifiedAt ?? 0,
    hash,
    headerlessHash: known?.headerless ?? null,
    triggerWords: said.triggerWords.length > 0 ? said.triggerWords : (texts?.triggerWords ?? []),
    previewUrl: previewUrl(file),
    problem: problem ?? opened?.problem ?? null,
    misplaced: isMisplaced(kind, expected) ? { expected: expected!, home: homeOf(tool, kind) } : null,
    ...kept({ path, hash }),
  }
}

/** What stands on the page of one file, without what the doctor says. */
export function fileTexts({ examination, said }: KnownFile): Omit<FileDetails, 'file' | 'doctor'> {
  const { texts, dtype } = examination
  return {
    description: said.description ?? texts?.description ?? null,
    author: said.author ?? texts?.author ?? null,
    license: texts?.license ?? null,
    usageHint: texts?.usageHint ?? null,
    resolution: texts?.resolution ?? null,
    tags: said.tags.length > 0 ? said.tags : (texts?.tags ?? []),
    negativeText: said.negativeText,
    strength: said.strength,
    theirNotes: said.notes,
    sources: said.sources,
    dtype,
  }
}

/** The address changes with the picture, so that it may be kept for long. */
function previewUrl({ id, seen, picture, examination }: KnownFile): string | null {
  const stamp = picture?.stamp ?? (examination.texts?.hasThumbnail ? seen?.stamp : undefined)
  if (stamp === undefined) return null
  return assetPaths.modelPicture(id, createHash('sha256').update(stamp).digest('hex').slice(0, 12))
}

const families: readonly (readonly [family: string, names: RegExp])[] = [
  ['sdxl', /sd ?xl|pony(?!.*v7)|illustrious|noob|(^|[^a-z])xl([^a-z]|$)/i],
  ['sd2', /(sd|stable diffusion|v) ?2([^\d]|$)/i],
  ['sd1', /(sd|stable diffusion|v) ?1([^\d]|$)/i],
]

/** The family of a model that people speak of so; null for those that are not known here. */
const familyOf = (baseModel: string | null): string | null =>
  families.find(([, names]) => names.test(baseModel ?? ''))?.[0] ?? null
