import { assetPaths } from '../../shared/assetPaths.ts'
import type { Pixels } from '../../shared/engineContract.ts'
import { encodePreview } from './images.ts'

/** The newest preview of the job that runs, in memory only. */
export function createPreviews() {
  let newest: { jobId: string; bytes: Uint8Array } | null = null
  let count = 0
  return {
    /** Keeps a preview and answers its URL, which no other preview has. */
    async keep(jobId: string, pixels: Pixels): Promise<string> {
      newest = { jobId, bytes: await encodePreview(pixels) }
      return assetPaths.preview(jobId, ++count)
    },
    newest: (jobId: string): Uint8Array | null => (newest?.jobId === jobId ? newest.bytes : null),
  }
}
