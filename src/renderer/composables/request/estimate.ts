import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { loraTags } from '../../../shared/prompt/loraTags.ts'
import type { Estimate } from '../../../shared/queue/jobs.ts'
import { useConnection } from '../../stores/connection.ts'
import { useFilm } from '../../stores/film.ts'
import { useForm } from '../../stores/form.ts'
import { useJobs } from '../../stores/jobs.ts'
import { studio } from '../../studio.ts'
import { useWords } from '../words/words.ts'

/** Ms after the last change before the studio is asked. */
const pause = 400

/** What the request in the form would take. */
export function useEstimate() {
  const connection = useConnection()
  const film = useFilm()
  const form = useForm()
  const jobs = useJobs()
  const { n, t } = useI18n()
  const { duration } = useWords()
  const estimate = shallowRef<Estimate | null>(null)
  let asked = 0

  /** What the answer follows from: of the prompts, which are typed into, only the adapters that they name. */
  const decisive = computed(() => {
    const { prompt, negativePrompt, ...rest } = form.request
    const named = loraTags(prompt).map(({ written }) => written)
    const learntFrom = film.images[0]?.id
    return JSON.stringify([rest, named, form.model?.id, learntFrom, jobs.current === null, connection.state])
  })

  watchDebounced(
    decisive,
    async () => {
      if (connection.state !== 'connected' || !form.model?.info) return
      const own = ++asked
      // What is wrong with a request is said when it is sent.
      const answer = await studio.estimate(form.toRequest()).catch(() => null)
      if (own === asked) estimate.value = answer
    },
    { debounce: pause, immediate: true },
  )

  const gigabytes = (bytes: number): string =>
    n(bytes / 1e9, { style: 'unit', unit: 'gigabyte', minimumFractionDigits: 1, maximumFractionDigits: 1 })

  /** "≈ 1.9 GB · ≈ 40 s", as far as known. */
  const words = computed(() => {
    const { peakBytes, timeMs } = estimate.value ?? { peakBytes: null, timeMs: null }
    const parts = [peakBytes === null ? [] : gigabytes(peakBytes), timeMs === null ? [] : duration(timeMs)]
    return parts
      .flat()
      .map((part) => `≈ ${part}`)
      .join(' · ')
  })

  /** Why it cannot run; null where nothing is known against it. */
  const shortage = computed(() => {
    const { peakBytes, availableBytes } = estimate.value ?? { peakBytes: null, availableBytes: null }
    if (peakBytes === null || availableBytes === null || peakBytes <= availableBytes) return null
    return t('estimate.short', { needed: gigabytes(peakBytes), free: gigabytes(availableBytes) })
  })

  return { words, shortage }
}
