import { assetPaths } from '../../shared/assetPaths.ts'
import type { Pixels } from '../../shared/engineContract.ts'
import { encodePreview } from './images.ts'

/** Control pictures are looked at several at a time, beside the job that runs. */
const mostKept = 16

/** The newest preview of each of the last jobs, in memory only. */
export function createPreviews() {
  const newest = new Map<string, Uint8Array>()
  let count = 0
  return {
    /** Keeps a preview and answers its URL, which no other preview has. */
    async keep(jobId: string, pixels: Pixels): Promise<string> {
      const bytes = await encodePreview(pixels)
      newest.delete(jobId)
      newest.set(jobId, bytes)
      if (newest.size > mostKept) newest.delete(newest.keys().next().value!)
      return assetPaths.preview(jobId, ++count)
    },
    newest: (jobId: string): Uint8Array | null => newest.get(jobId) ?? null,
  }
}
