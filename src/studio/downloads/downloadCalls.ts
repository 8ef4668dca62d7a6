import { isAbsolute } from 'node:path'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { DownloadRequest } from '../../shared/calls/downloadCalls.ts'
import type { DownloadPlan } from '../../shared/models/downloads.ts'
import { StudioError } from '../../shared/errors.ts'
import { saying, told } from '../../shared/notices.ts'
import { offerOfCivitai } from './sites/civitai.ts'
import type { Downloads } from './downloads.ts'
import { offerOfHuggingFace } from './sites/huggingFace.ts'
import { ownModelsFolder } from './openDownloading.ts'
import { readLink } from './sites/link.ts'
import type { Offer } from './sites/offer.ts'
import { planOffer } from './plan.ts'
import type { Network } from './fetch/request.ts'
import type { Tokens } from './sites/tokens.ts'

export interface DownloadParts {
  dataFolder: string
  downloads: Downloads
  network: Network
  tokens: Tokens
  cache: string
  freeBytes: (folder: string) => Promise<number | null>
  /** All folders that models are looked for in. */
  modelFolders: () => readonly string[]
}

export function createDownloadCalls(parts: DownloadParts) {
  const { downloads, tokens } = parts

  async function plan({
    link,
    folder,
  }: DownloadRequest): Promise<{ offer: Offer; plan: DownloadPlan; folder: string }> {
    const place = folder ?? ownModelsFolder(parts.dataFolder)
    if (!isAbsolute(place))
      throw new StudioError('bad-request', `folder: must be an absolute path, found "${place}".`)
    const { signal } = new AbortController()
    // A person waits for this: what a download would try for minutes is told after a few seconds.
    const network = { ...parts.network, waitsMs: parts.network.waitsMs.slice(0, 2) }
    const named = readLink(link, network.sites)
    const offer =
      named.site === 'huggingface'
        ? await offerOfHuggingFace(named, network, signal)
        : await offerOfCivitai(named, network, signal)
    const hasToken = (await tokens.get(offer.site)) !== null
    const modelFolders = parts.modelFolders()
    return {
      offer,
      folder: place,
      plan: await planOffer(offer, { ...parts, folder: place, modelFolders, hasToken, signal }),
    }
  }

  return {
    planDownload: async (asked) => (await plan(asked)).plan,
    async startDownload(asked) {
      const { offer, plan: planned, folder } = await plan(asked)
      if (planned.files.length === 0)
        throw new StudioError('bad-request', told(saying('linkSeveral', { links: namesOf(planned) })))
      if (planned.present !== null)
        throw new StudioError('bad-request', told(saying('linkPresent', { path: planned.present })))
      return downloads.start(offer, folder, planned.target)
    },
    downloads: async () => downloads.list(),
    pauseDownload: (id) => downloads.pause(id),
    resumeDownload: (id) => downloads.resume(id),
    removeDownload: (id) => downloads.remove(id),
    downloadTokens: () => tokens.describe(),
    async setDownloadToken({ site, token }) {
      await tokens.set(site, token)
      return tokens.describe()
    },
  } satisfies Partial<StudioCalls>
}

const namesOf = ({ choices }: DownloadPlan): string => choices.map(({ link }) => link).join(' ')
