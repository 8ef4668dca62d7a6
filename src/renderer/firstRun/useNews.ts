import { useLocalStorage } from '@vueuse/core'
import { computed, watch } from 'vue'
import { useOverlays } from '../composables/overlays.ts'
import { useFilm } from '../stores/film.ts'
import { news } from './news.ts'

/** The last list of news that a person knows; null before their first visit. */
const known = useLocalStorage<number | null>('latent-studio.newsKnown', null, {
  serializer: { read: Number, write: String },
})

/** Whether there is something new to be told, and telling it. Who has no picture yet finds everything new. */
export function useNews() {
  const film = useFilm()
  const { news: open } = useOverlays()

  const isUntold = computed(() => film.loaded && film.images.length > 0 && (known.value ?? 0) < news.edition)

  const dismiss = (): void => void (known.value = news.edition)

  function tell(): void {
    open.value = true
    dismiss()
  }

  // What is there from the start is not news later.
  watch(
    () => film.loaded && film.images.length === 0 && known.value === null,
    (isBeginning) => isBeginning && dismiss(),
    { immediate: true },
  )

  return { isUntold, tell, dismiss }
}
