import { isAbsolute, relative } from 'node:path'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import type { History } from '../history/history.ts'
import { inspectPicture } from '../metadata/readGeneration.ts'
import { checkFolders } from '../models/folders/checkModelFolders.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import type { ImportRoom } from './importRoom.ts'

export interface ImportCallParts {
  history: History
  imageFiles: ImageFiles
  imports: ImportRoom
}

/** The calls about folders of pictures. */
export const importCalls = ({ history, imageFiles, imports }: ImportCallParts) =>
  ({
    imports: async () => imports.state(),
    lookForImports: async () => imports.look(),
    stopImports: async () => imports.stop(),
    importedGeneration: async (id) => inspectPicture(await imageFiles.read(history.pathOf(id))),
  }) satisfies Partial<StudioCalls>

/** Throws `bad-request` or `not-found` for a folder that no pictures can be taken in from. */
export async function checkImportFolders(
  folders: readonly string[],
  { importFolders: before }: Pick<Settings, 'importFolders'>,
  dataFolder: string,
): Promise<void> {
  await checkFolders(folders, before)
  const own = folders.find((folder) => isWithin(dataFolder, folder))
  if (own === undefined) return
  const message = `${own} is the studio's own, whose pictures are in the library. Choose a folder of another program.`
  throw new StudioError('bad-request', message)
}

function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return !below.startsWith('..') && !isAbsolute(below)
}
