import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { StudioError } from '../../shared/errors.ts'
import { withinTime } from './timeLimit.ts'

/** How long a folder may take to say that it is one, in ms: a disk that sleeps needs some seconds. */
const patienceMs = 10_000

/**
 * Throws `bad-request` for a folder of the settings (`name` says which list) that is not named from the root of the disk on or
 * is a file, `not-found` for one that is not there. Those that were in the settings before stay, whether their disk is there or
 * not.
 */
export async function checkFolders(
  name: 'modelFolders' | 'importFolders',
  folders: readonly string[],
  before: readonly string[],
): Promise<void> {
  for (const folder of folders) {
    if (before.includes(folder)) continue
    if (!isAbsolute(folder))
      throw new StudioError(
        'bad-request',
        `${name}: "${folder}" must be the whole path of a folder, from the root of the disk on.`,
      )
    const found = await withinTime(
      stat(folder).catch(() => null),
      patienceMs,
      null,
    )
    if (!found)
      throw new StudioError(
        'not-found',
        `${name}: there is no folder at ${folder}, or it does not answer. Make it, or see that its disk is there, then add it again.`,
      )
    if (!found.isDirectory())
      throw new StudioError(
        'bad-request',
        `${name}: ${folder} is no folder. Name the folder that it lies in.`,
      )
  }
}
