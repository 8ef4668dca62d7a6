import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { useConnection } from '../../stores/connection.ts'
import { useFilm } from '../../stores/film.ts'
import { studio } from '../../studio.ts'
import { useWords } from '../words/words.ts'

/** Ms after the last change before the studio is asked. */
const pause = 150

/** "≈ 40 s": how long enlarging a picture of a size will take; empty where that is no matter, or not known. */
export function useUpscaleTime(asked: () => Parameters<typeof studio.upscaleTime>[0]) {
  const connection = useConnection()
  const film = useFilm()
  const { duration } = useWords()
  const timeMs = shallowRef<number | null>(null)
  let last = 0

  watchDebounced(
    // What was made since tells more.
    () => [JSON.stringify(asked()), film.images[0]?.id, connection.state],
    async () => {
      if (connection.state !== 'connected') return
      const own = ++last
      const answer = await studio.upscaleTime(asked()).catch(() => null)
      if (own === last) timeMs.value = answer
    },
    { debounce: pause, immediate: true },
  )

  return computed(() => (timeMs.value ? `≈ ${duration(timeMs.value)}` : ''))
}
