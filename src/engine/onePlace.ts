import { StudioError } from '../shared/errors.ts'

/** One task at a time, which a cancel ends where it asks, and which is watched or not. */
export function onePlace() {
  let running: { jobId: string; cancelled: boolean } | null = null
  let watched: string | null = null
  return {
    async alone<T>(jobId: string, work: (stopIfCancelled: () => void) => Promise<T>): Promise<T> {
      if (running) throw new StudioError('internal', `The engine is busy with job ${running.jobId}.`)
      const own = (running = { jobId, cancelled: false })
      try {
        return await work(() => {
          if (own.cancelled) throw new StudioError('cancelled', 'Stopped before it was finished.')
        })
      } finally {
        running = null
      }
    },
    isWatched: (jobId: string): boolean => watched === jobId,
    watch: async (jobId: string | null): Promise<void> => void (watched = jobId),
    cancel: async (jobId: string): Promise<void> => {
      if (running?.jobId === jobId) running.cancelled = true
    },
  }
}
