import type { UsedFile } from './adapters.ts'

/** Names of files are compared without case, as they lie on disks that ignore it. */
export const sameFileName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** The file that a name in a request stands for; undefined where it stands for none. */
export const usedFile = (
  files: readonly UsedFile[],
  kind: UsedFile['kind'],
  name: string,
): UsedFile | undefined => files.find((file) => file.kind === kind && sameFileName(file.name, name))
