import { assetPaths } from '../../../../shared/assetPaths.ts'
import type { Job } from '../../../../shared/queue/jobs.ts'

/** What lies on the paper: a preview, a finished picture, or nothing yet (src null). */
export interface Exposure {
  src: string | null
  preview: boolean
  width: number
  height: number
  alt: string
}

/** The address of what is seen of a job: its newest preview, before that the picture that it enlarges or changes; null: nothing. */
export function seenOf({ request: { editOf, upscaleOf }, progress }: Job): string | null {
  const madeOf = editOf ?? upscaleOf
  return progress?.previewUrl ?? (madeOf ? assetPaths.input(madeOf.id) : null)
}
