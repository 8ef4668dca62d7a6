import { setTimeout as wait } from 'node:timers/promises'
import type { FileHashes } from './fileHashes.ts'
import type { FoundFile } from '../folders/folderScan.ts'

export interface BackgroundHashing {
  /** Reads those of the files that are not known yet, one after the other; files asked for before are forgotten. */
  begin(files: readonly FoundFile[]): void
  progress(): { done: number; of: number }
  stop(): void
}

/** How long it is waited while pictures are made, in ms. */
const pauseMs = 1000

/**
 * Hashes files beside everything else: the urgent ones first, then the small ones, and none while pictures are made.
 */
export function hashInBackground(parts: {
  hashes: FileHashes
  isBusy: () => boolean
  /** What a person waits for: files that have notes, or may be those that have. */
  isUrgent: (file: FoundFile) => boolean
  hashed: (file: FoundFile, hash: string) => void
}): BackgroundHashing {
  const { hashes, isBusy, isUrgent, hashed } = parts
  let waiting: FoundFile[] = []
  let [done, of] = [0, 0]
  let isReading = false

  async function readAll(): Promise<void> {
    isReading = true
    for (;;) {
      while (isBusy()) await wait(pauseMs, undefined, { ref: false })
      const file = waiting.shift()
      if (!file) break
      // One that cannot be read has no hash; that is said where it is examined.
      const known = await hashes.read(file).catch(() => null)
      done++
      if (known) hashed(file, known.sha256)
    }
    isReading = false
  }

  return {
    begin(files) {
      const unread = files.filter(
        (file) => !file.isFolder && file.seen && (hashes.known(file)?.headerless ?? null) === null,
      )
      waiting = unread
        .map((file) => ({ file, rank: Number(!isUrgent(file)) }))
        .sort((one, other) => one.rank - other.rank || one.file.seen!.size - other.file.seen!.size)
        .map(({ file }) => file)
      ;[done, of] = [0, waiting.length]
      if (!isReading) void readAll().catch(() => {})
    },
    progress: () => ({ done, of }),
    stop: () => void (waiting = []),
  }
}
