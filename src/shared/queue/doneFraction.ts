import type { Job } from './jobs.ts'

/** How much of a job is done, 0 to 1. What follows the drawing of a picture does not count. */
export function doneFraction(job: Pick<Job, 'progress' | 'request'> | null): number {
  if (!job?.progress) return 0
  const { phase, pass, step, steps, image, images } = job.progress
  const isDrawn =
    phase === 'saving' ||
    (pass === null && (phase === 'decoding' || (phase === 'upscaling' && !job.request.upscaleOf)))
  return (image + (isDrawn ? 1 : step / steps)) / images
}
