import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import { isDrawn } from '../../shared/request/request.ts'
import { useConnection } from '../stores/connection.ts'
import { useFilm } from '../stores/film.ts'
import { useJobs } from '../stores/jobs.ts'
import { useLookProgress } from '../stores/look.ts'
import { studio } from '../studio.ts'

/**
 * What the studio sees of something, asked for once and again for everything else that `key` names ('' for nothing); while a
 * job runs, once it is done. What was seen last stays to be shown until there is something new, if `stays`.
 */
export function useLook<Answer>(
  key: () => string,
  ask: () => Promise<Answer | null>,
  { stays = () => false }: { stays?: (key: string, before: string) => boolean } = {},
) {
  const connection = useConnection()
  const jobs = useJobs()
  const telling = useLookProgress()
  const seen = shallowRef<Answer | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const loading = ref(false)
  const stopped = ref(false)
  const waits = computed(() => jobs.running !== null)
  let seenKey = ''
  /** Counts questions: only the last one is listened to. */
  let asked = 0

  async function again(): Promise<void> {
    const wanted = key()
    stopped.value = false
    if (wanted === '' || wanted === seenKey || connection.state !== 'connected' || waits.value) return
    const own = ++asked
    problem.value = null
    loading.value = true
    telling.progress = null
    try {
      const answer = await ask()
      if (own !== asked) return
      // What took its place may be another window's: a person asks again.
      if (answer === null) return void (stopped.value = true)
      seen.value = answer
      seenKey = wanted
    } catch (error) {
      if (own !== asked) return
      seen.value = null
      seenKey = ''
      problem.value = toErrorRecord(error)
    } finally {
      if (own === asked) loading.value = false
    }
  }

  async function stop(): Promise<void> {
    stopped.value = true
    await studio.stopLook()
  }

  watch(
    () => [key(), connection.state, waits.value] as const,
    ([now]) => {
      if (now !== seenKey && !stays(now, seenKey)) seen.value = null
      void again()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    asked++
    if (loading.value) void studio.stopLook().catch(() => {})
  })
  const progress = computed(() => (loading.value ? telling.progress : null))
  return { seen, problem, loading, stopped, waits, progress, again, stop }
}

/**
 * Sets `settings.picture` to the newest picture that was drawn, where it names none. Answers the id it names, and that
 * picture, however old; `missing` says why there is none.
 */
export function useNewestPicture(settings: { picture: string }) {
  const film = useFilm()
  watch(
    () => [film.images.find(({ request }) => isDrawn(request))?.id, settings.picture] as const,
    ([newest, chosen]) => {
      if (chosen === '' && newest !== undefined) settings.picture = `image:${newest}`
    },
    { immediate: true },
  )
  const imageId = computed(() => settings.picture.replace(/^image:/, ''))
  return { imageId, ...usePicture(() => imageId.value) }
}

/** A picture of the library by its id, '' for none. */
export function usePicture(imageId: () => string) {
  const connection = useConnection()
  const film = useFilm()
  const found = shallowRef<ImageRecord | null>(null)
  const missing = shallowRef<ErrorRecord | null>(null)
  const recent = computed(() => film.images.find(({ id }) => id === imageId()) ?? null)
  watch(
    () => [imageId(), connection.state, recent.value === null] as const,
    async ([id, state, isOlder]) => {
      missing.value = null
      if (!isOlder || id === '' || state !== 'connected' || found.value?.id === id) return
      try {
        const image = await studio.image(id)
        if (id === imageId()) found.value = image
      } catch (error) {
        if (id === imageId()) missing.value = toErrorRecord(error)
      }
    },
    { immediate: true },
  )
  const image = computed(() => recent.value ?? (found.value?.id === imageId() ? found.value : null))
  return { image, missing }
}
