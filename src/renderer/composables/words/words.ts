import { useI18n } from 'vue-i18n'
import type { Job, Progress } from '../../../shared/queue/jobs.ts'

/** Turns durations, dates and progress into words in the person's language. */
export function useWords() {
  const { n, t, locale } = useI18n()

  function duration(ms: number): string {
    if (ms < 9950)
      return t('time.seconds', {
        n: n(ms / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
      })
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
    const { phase, pass, step, steps } = progress
    // Between two passes the steps stand still.
    if (phase === 'upscaling' && pass === null && steps > 1)
      return t('progress.part', { part: step + 1, parts: steps })
    return phase === 'denoising' ? t('progress.step', { step, steps }) : t(`phase.${phase}`)
  }

  /** One line for a job that is not over: the phase, and which picture of how many. */
  function standing(job: Job): string {
    if (job.state === 'queued') return t('phase.queued')
    if (job.state === 'paused' && !job.progress) return t('phase.paused')
    if (!job.progress) return t('phase.starting')
    const { image, images, pass, stopping } = job.progress
    const words = [
      images > 1 ? t('progress.picture', { image: image + 1, images }) : null,
      phase(job.progress),
      // After the steps, which are counted over both passes.
      pass === null || stopping ? null : t(`progress.pass.${pass}`),
      job.state === 'paused' ? t('phase.paused') : null,
    ]
    return words.filter((part) => part !== null).join(' · ')
  }

  return { duration, remaining, moment, standing }
}
