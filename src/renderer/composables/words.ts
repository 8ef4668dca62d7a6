import { useI18n } from 'vue-i18n'
import type { Job, Progress } from '../../shared/jobs.ts'

/** Turns durations, dates and progress into words in the person's language. */
export function useWords() {
  const { t, locale } = useI18n()

  function duration(ms: number): string {
    if (ms < 9950) return t('time.seconds', { n: (ms / 1000).toFixed(1) })
    const seconds = Math.round(ms / 1000)
    if (seconds < 60) return t('time.seconds', { n: seconds })
    return t('time.minutes', { m: Math.floor(seconds / 60), s: seconds % 60 })
  }

  function remaining(ms: number): string {
    const seconds = Math.max(1, Math.round(ms / 1000))
    const words =
      seconds < 60
        ? t('time.seconds', { n: seconds })
        : t('time.minutes', { m: Math.floor(seconds / 60), s: seconds % 60 })
    return t('progress.left', { time: words })
  }

  const moment = (ms: number): string =>
    new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(ms)

  function phase(progress: Progress): string {
    if (progress.stopping) return t('progress.stopping')
    if (progress.phase !== 'denoising') return t(`phase.${progress.phase}`)
    return t('progress.step', { step: progress.step, steps: progress.steps })
  }

  /** One line for a job that is not over: the phase, and which picture of how many. */
  function standing(job: Job): string {
    if (job.state === 'queued' || !job.progress)
      return t(job.state === 'queued' ? 'phase.queued' : 'phase.starting')
    const { image, images } = job.progress
    const words = phase(job.progress)
    return images > 1 ? `${t('progress.picture', { image: image + 1, images })} · ${words}` : words
  }

  return { duration, remaining, moment, standing }
}

/** How much of a job is done, 0 to 1. */
export function doneFraction(progress: Progress | null): number {
  if (!progress) return 0
  const within =
    progress.phase === 'saving' || progress.phase === 'decoding' ? 1 : progress.step / progress.steps
  return (progress.image + within) / progress.images
}
