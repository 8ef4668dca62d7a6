import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Storage } from '../history/storage.ts'
import type { ModelLibrary } from '../models/modelLibrary.ts'
import { huggingFaceCache } from './caches.ts'
import { openDownloadStore } from './downloadStore.ts'
import { openDownloads } from './downloads.ts'
import { freeBytesAt } from './freeSpace.ts'
import type { Network } from './fetch/request.ts'
import { publicSites, type Sites } from './sites/sites.ts'
import { openTokens, type SecretKeeper } from './sites/tokens.ts'
import type { Warn } from '../../shared/notices.ts'

/** What downloads stand on; what is left out is as it is for a person. */
export interface DownloadOptions {
  sites?: Sites
  /** Folder of huggingface_hub's cache. */
  cache?: string
  freeBytes?: (folder: string) => Promise<number | null>
  stallMs?: number
  waitsMs?: readonly number[]
}

/** Longer each time: about five minutes in all before a download is paused. */
const waitsMs = [1000, 2000, 5000, 10_000, 20_000, 40_000, 80_000, 120_000]
const stallMs = 45_000

interface Parts extends Pick<Storage, 'events' | 'ownership' | 'settings'> {
  dataFolder: string
  models: Pick<ModelLibrary, 'rescan'>
  secrets: SecretKeeper | null
  /** Takes over what studios that ended left. */
  adopt: boolean
}

/** The studio's own folder of models: where downloads go, and one of those that models are looked for in. */
export const ownModelsFolder = (dataFolder: string): string => join(dataFolder, 'models')

/** Downloads on a data folder, as they were left. */
export async function openDownloading(options: DownloadOptions, parts: Parts) {
  const { dataFolder, events, models, ownership, secrets, settings, adopt } = parts
  const warn: Warn = (...says) => events.notify('warning', ...says)
  const tokens = openTokens(secrets)
  const network: Network = {
    sites: options.sites ?? publicSites(process.env, warn),
    token: tokens.get,
    stallMs: options.stallMs ?? stallMs,
    waitsMs: options.waitsMs ?? waitsMs,
  }
  const cache = options.cache ?? huggingFaceCache()
  const freeBytes = options.freeBytes ?? freeBytesAt
  const store = openDownloadStore(dataFolder, ownership, warn)
  const modelFolders = (): string[] => [...settings.current().modelFolders, ownModelsFolder(dataFolder)]

  /** A folder that was chosen for a download is one of the model folders from then on. */
  async function finished(folder: string): Promise<void> {
    if (!modelFolders().some((known) => isBelow(folder, known))) {
      const { modelFolders } = settings.current()
      events.emit.settingsChanged(await settings.change({ modelFolders: [...modelFolders, folder] }))
    }
    events.emit.modelsChanged(await models.rescan())
  }

  const downloads = await openDownloads(
    {
      ...{ store, network, cache, freeBytes, finished },
      owner: ownership.id,
      changed: events.emit.downloadChanged,
      removed: events.emit.downloadRemoved,
    },
    adopt ? await store.orphans() : [],
  )
  return { downloads, network, tokens, cache, freeBytes, modelFolders }
}

const isBelow = (folder: string, other: string): boolean => {
  const way = relative(resolve(other), resolve(folder))
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}
