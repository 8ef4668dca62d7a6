import { z } from 'zod'
import {
  downloadSites,
  type Download,
  type DownloadPlan,
  type DownloadSite,
  type DownloadTokens,
} from '../models/downloads.ts'

/** folder: where it will lie, as an absolute path; the studio's own folder of models where none is given. */
export interface DownloadRequest {
  link: string
  folder?: string | null
}

/** folder: null is the studio's own. */
const downloadSchema = z.tuple([
  z.object({ link: z.string().max(2000), folder: z.string().max(4000).nullable().default(null) }),
])

/** The part of the contract that is about downloads: arguments of its calls. */
export const downloadCallSchemas = {
  planDownload: downloadSchema,
  startDownload: downloadSchema,
  downloads: z.tuple([]),
  pauseDownload: z.tuple([z.string()]),
  resumeDownload: z.tuple([z.string()]),
  removeDownload: z.tuple([z.string()]),
  downloadTokens: z.tuple([]),
  setDownloadToken: z.tuple([z.object({ site: z.enum(downloadSites), token: z.string().nullable() })]),
} as const

export interface DownloadCalls {
  /** What is behind a link to Hugging Face or Civitai, and what fetching it would mean. Fetches no model. */
  planDownload(asked: DownloadRequest): Promise<DownloadPlan>
  /** Fetches it, or goes on with what was fetched of it before. Truth arrives as events. */
  startDownload(asked: DownloadRequest): Promise<Download>
  /** In the order in which they were asked for. */
  downloads(): Promise<Download[]>
  pauseDownload(id: string): Promise<void>
  resumeDownload(id: string): Promise<Download>
  /** Takes one out of the list; what an unfinished one fetched is deleted. */
  removeDownload(id: string): Promise<void>
  downloadTokens(): Promise<DownloadTokens>
  /** null: forgets it. A token is never told again. */
  setDownloadToken(given: { site: DownloadSite; token: string | null }): Promise<DownloadTokens>
}
