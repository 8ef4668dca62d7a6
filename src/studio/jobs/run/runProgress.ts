import type { EngineProgress, Pixels } from '../../../shared/engine/engineContract.ts'
import type { Progress } from '../../../shared/queue/jobs.ts'
import type { ExpectedTimes } from '../times/estimateTime.ts'
import { createEta } from '../times/eta.ts'
import type { StoredJob } from '../queue/jobStore.ts'

/** Puts together what is told of a run: where it stands, how long the rest takes, the newest preview. */
export function createProgress(
  job: StoredJob,
  tell: (progress: Progress) => void,
  keep: (pixels: Pixels) => Promise<string>,
  expected: ExpectedTimes | null,
) {
  const { batchSize, steps } = job.request
  const eta = createEta(batchSize, expected)
  let isKeeping = false
  /** The preview that is to be kept next. */
  let newest: Pixels | null = null
  let progress: Progress = {
    phase: 'starting',
    image: job.imagesDone,
    images: batchSize,
    step: 0,
    steps,
    pass: null,
    etaMs: null,
    previewUrl: null,
    stopping: false,
  }
  function report(change: Partial<Progress>): void {
    progress = { ...progress, ...change }
    tell(progress)
  }
  async function keepNewest(): Promise<void> {
    isKeeping = true
    while (newest) {
      const pixels = newest
      newest = null
      await keep(pixels)
        .then((previewUrl) => report({ previewUrl }))
        .catch(() => {})
    }
    isKeeping = false
  }
  return {
    report,
    engineTold(told: EngineProgress): void {
      const { jobId: _jobId, ...where } = told
      report({ ...where, etaMs: eta(told) })
    },
    /** One that comes while the last is still being written takes the place of another that waits for that. */
    preview(pixels: Pixels): void {
      newest = pixels
      if (!isKeeping) void keepNewest()
    },
  }
}
