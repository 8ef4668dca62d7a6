import { assetPaths } from '../../shared/assetPaths.ts'
import type { Pixels } from '../../shared/engine/engineContract.ts'
import { encodePreview } from './images.ts'

/** Control pictures are looked at several at a time, beside the job that runs. */
const mostKept = 16

/** A picture that is kept nowhere else, as a file. */
export interface PreviewFile {
  bytes: Uint8Array
  /** Its media type. */
  type: string
}

/** The newest preview of each of the last jobs, in memory only. */
export function createPreviews() {
  const newest = new Map<string, PreviewFile>()
  let count = 0
  /** Keeps a file and answers its URL, which no other preview has. */
  function keepFile(jobId: string, file: PreviewFile): string {
    newest.delete(jobId)
    newest.set(jobId, file)
    if (newest.size > mostKept) newest.delete(newest.keys().next().value!)
    return assetPaths.preview(jobId, ++count)
  }
  return {
    keepFile,
    keep: async (jobId: string, pixels: Pixels): Promise<string> =>
      keepFile(jobId, { bytes: await encodePreview(pixels), type: 'image/jpeg' }),
    newest: (jobId: string): PreviewFile | null => newest.get(jobId) ?? null,
  }
}

export type Previews = ReturnType<typeof createPreviews>
