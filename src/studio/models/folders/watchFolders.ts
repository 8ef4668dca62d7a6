import { watch, type FSWatcher } from 'node:fs'

export interface FolderWatch {
  /** Watches these folders in place of those before. */
  set(folders: { roots: readonly string[]; all: readonly string[] }): void
  close(): void
}

/** How long is waited for further changes, in ms. */
const settleMs = 1500
/**
 * How long is waited without any: some changes are not told of, as those that other machines make in network folders. Longer
 * where all folders are watched, and never so short that looking takes more than a hundredth of the time. In ms.
 */
const lookMs = { watched: 300_000, unwatched: 60_000 }
const shareOfTime = 100
/** Systems count what is watched. */
const mostWatched = 1000

/**
 * Tells when files below folders change. Where the system watches whole trees (macOS, Windows) the roots are watched,
 * elsewhere every folder.
 */
export function watchFolders(changed: () => void): FolderWatch {
  const wholeTrees = process.platform === 'darwin' || process.platform === 'win32'
  let watchers: FSWatcher[] = []
  let watched = ''
  let isWhole = false
  let pending: NodeJS.Timeout | undefined
  let next: NodeJS.Timeout | undefined
  let askedAt: number | null = null
  let took = 0

  /** It answers by `set`. */
  function look(): void {
    askedAt = performance.now()
    lookAfter(lookMs.unwatched)
    changed()
  }

  function lookAfter(ms: number): void {
    clearTimeout(next)
    next = setTimeout(look, ms).unref()
  }

  function tell(): void {
    pending ??= setTimeout(() => {
      pending = undefined
      look()
    }, settleMs).unref()
  }

  function begin(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { recursive: wholeTrees, persistent: false }, tell)
      // A folder that goes away, or a network that breaks.
      return [
        watcher.on('error', () => {
          watcher.close()
          isWhole = false
        }),
      ]
    } catch {
      return []
    }
  }

  const end = (): void => watchers.splice(0).forEach((watcher) => watcher.close())
  lookAfter(lookMs.unwatched)
  return {
    set({ roots, all }) {
      // Others ask for looks too, which are not timed.
      took = askedAt === null ? took : performance.now() - askedAt
      askedAt = null
      const wanted = wholeTrees ? roots : all
      if (wanted.join('\n') !== watched) {
        watched = wanted.join('\n')
        end()
        watchers = wanted.slice(0, mostWatched).flatMap(begin)
        isWhole = watchers.length === wanted.length
      }
      lookAfter(Math.max(isWhole ? lookMs.watched : lookMs.unwatched, took * shareOfTime))
    },
    close() {
      clearTimeout(pending)
      clearTimeout(next)
      end()
    },
  }
}
