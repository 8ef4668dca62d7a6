import { z } from 'zod'
import { downloadSites } from '../../../shared/models/downloads.ts'

/** What a site offers behind a link, with nothing looked up on this machine. Kept with a download until its end. */

const wantedFile = z.object({
  /** Below the folder it will lie in, with forward slashes. */
  path: z.string(),
  url: z.string(),
  size: z.number(),
  /** By how many bytes the site's size may be off. */
  slack: z.number(),
  digest: z.object({ algorithm: z.enum(['sha256', 'gitBlob']), hex: z.string() }),
})
export type WantedFile = z.infer<typeof wantedFile>

export const offerSchema = z.object({
  site: z.enum(downloadSites),
  title: z.string(),
  page: z.string(),
  link: z.string(),
  revision: z.string(),
  licence: z.string().nullable(),
  isGated: z.boolean(),
  /** Of the file or the folder that it will be. */
  name: z.string(),
  isFolder: z.boolean(),
  files: z.array(wantedFile),
  leftOut: z.object({ count: z.number(), bytes: z.number() }),
  choices: z.array(z.object({ name: z.string(), size: z.number(), link: z.string() })),
  /** What Civitai says of the version, as other programs keep it beside the file; null from elsewhere. */
  civitaiInfo: z.record(z.string(), z.unknown()).nullable(),
})
export type Offer = z.infer<typeof offerSchema>
