import { watch, type FSWatcher } from 'node:fs'

export interface FolderWatch {
  /** Watches these folders in place of those before. */
  set(folders: { roots: readonly string[]; all: readonly string[] }): void
  close(): void
}

/** How long is waited for further changes, and how often it is looked without any: network folders tell of none. In ms. */
const settleMs = 1500
const lookMs = 60_000
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
  let pending: NodeJS.Timeout | undefined

  function tell(): void {
    pending ??= setTimeout(() => {
      pending = undefined
      changed()
    }, settleMs).unref()
  }

  function begin(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { recursive: wholeTrees, persistent: false }, tell)
      // A folder that goes away, or a network that breaks.
      return [watcher.on('error', () => watcher.close())]
    } catch {
      return []
    }
  }

  const end = (): void => watchers.splice(0).forEach((watcher) => watcher.close())
  const timer = setInterval(changed, lookMs).unref()
  return {
    set({ roots, all }) {
      const folders = (wholeTrees ? roots : all).slice(0, mostWatched)
      if (folders.join('\n') === watched) return
      watched = folders.join('\n')
      end()
      watchers = folders.flatMap(begin)
    },
    close() {
      clearTimeout(pending)
      clearInterval(timer)
      end()
    },
  }
}
