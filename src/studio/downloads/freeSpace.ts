import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StudioError } from '../../shared/errors.ts'

/** Bytes that may be written where a folder is, or will be; null where the system does not tell. */
export async function freeBytesAt(folder: string): Promise<number | null> {
  let there = folder
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  const found = await statfs(there).catch(() => null)
  return found && found.bavail * found.bsize
}

/** What stays free: a disk that is full to the last byte stops more than a download. */
const reserve = 256 * 2 ** 20

/** Throws `disk-full` where `needed` bytes find no room. */
export function requireRoom(needed: number, free: number | null, folder: string): void {
  if (free === null || needed <= 0 || needed + reserve <= free) return
  throw new StudioError(
    'disk-full',
    `${folder} has ${gigabytes(free)} free, and this needs ${gigabytes(needed)}, with ${gigabytes(reserve)} left over. Free some space, or choose a folder on another disk.`,
  )
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
