import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ownModelsFolder } from '../../downloads/openDownloading.ts'
import type { Studio, StudioOptions } from '../../studio.ts'
import type { Person } from './people.ts'

export interface Libraries {
  /** The studio that somebody comes to. */
  of(person: Person): Promise<Studio>
  /** Closes them all, the shared one too. */
  close(): Promise<void>
}

/**
 * The libraries of the people: the shared one, and one for each who has an own, a data folder like any other
 * (`libraries/ID` of the shared one's). It is opened when its person first comes, with the models of the shared one.
 */
export function openLibraries(options: {
  shared: Studio
  dataFolder: string
  open: (options: Pick<StudioOptions, 'dataFolder' | 'furtherFolders'>) => Promise<Studio>
}): Libraries {
  const { shared, dataFolder, open } = options
  const own = new Map<string, Promise<Studio>>()

  async function openOwn(id: string): Promise<Studio> {
    const { modelFolders } = await shared.calls.settings()
    const furtherFolders = [...modelFolders, ownModelsFolder(dataFolder)].filter(existsSync)
    return open({ dataFolder: join(dataFolder, 'libraries', id), furtherFolders })
  }

  return {
    async of({ id, library }) {
      if (library === 'shared') return shared
      const opening = own.get(id) ?? openOwn(id)
      own.set(id, opening)
      // What failed is tried again when they come again.
      opening.catch(() => own.delete(id))
      return opening
    },
    // All at once: what waits for its turn would wait for the others' pictures.
    async close() {
      const opened = await Promise.allSettled(own.values())
      const studios = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      await Promise.all([shared, ...studios].map(({ close }) => close()))
    },
  }
}
