import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { StudioError } from '../../../shared/errors.ts'
import { withinTime } from './timeLimit.ts'

/** How long a folder may take to say that it is one, in ms: a disk that sleeps needs some seconds. */
const patienceMs = 10_000

/**
 * Throws `bad-request` for a folder of the settings that is not named from the root of the disk on or is a file, `not-found`
 * for one that is not there. Those that were in the settings before stay, whether their disk is there or not.
 */
export async function checkFolders(folders: readonly string[], before: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (before.includes(folder)) continue
    if (!isAbsolute(folder))
      throw new StudioError(
        'bad-request',
        `${folder} is not a whole path. Write it from the root of the disk on: /home/me/pictures, or C:\\pictures.`,
      )
    const found = await withinTime(
      stat(folder).catch(() => null),
      patienceMs,
      null,
    )
    if (!found)
      throw new StudioError(
        'not-found',
        `There is no folder at ${folder}, or it does not answer. Look how it is spelt and that its disk is there, then add it again.`,
      )
    if (!found.isDirectory())
      throw new StudioError('bad-request', `${folder} is a file. Choose the folder that it lies in.`)
  }
}
