import { computed, watch } from 'vue'
import { useOverlays } from '../composables/frame/overlays.ts'
import { useFilm } from '../stores/film.ts'
import { useSettings } from '../stores/settings.ts'
import { useToasts } from '../stores/toasts.ts'
import { news } from './news.ts'

/** Whether there is something new to be told, and telling it. Who has no picture yet finds everything new. */
export function useNews() {
  const film = useFilm()
  const settings = useSettings()
  const toasts = useToasts()
  const { news: open } = useOverlays()

  const isReady = computed(() => film.loaded && settings.loaded)
  const known = computed(() => settings.settings.knownNews)
  const isUntold = computed(
    () => isReady.value && film.images.length > 0 && (known.value ?? 0) < news.edition,
  )

  const dismiss = (): void => void toasts.attempt(() => settings.change({ knownNews: news.edition }))

  function tell(): void {
    open.value = true
    dismiss()
  }

  // What is there from the start is not news later.
  watch(
    () => isReady.value && film.images.length === 0 && known.value === null,
    (isBeginning) => isBeginning && dismiss(),
    { immediate: true },
  )

  return { isUntold, tell, dismiss }
}
