import { computed, shallowRef, watch } from 'vue'
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { RaceChoices } from '../../../shared/calls/raceCalls.ts'
import { useConnection } from '../../stores/connection.ts'
import { studio } from '../../studio.ts'
import { useNewestPicture } from '../look.ts'

/** The picture that is raced, the newest where none is named, and what its model takes. */
export function useRacedPicture(settings: { picture: string }) {
  const connection = useConnection()
  const { imageId, image: known } = useNewestPicture(settings)
  const older = shallowRef<ImageRecord | null>(null)
  const choices = shallowRef<RaceChoices | null>(null)
  const problem = shallowRef<ErrorRecord | null>(null)
  const image = computed(() => known.value ?? (older.value?.id === imageId.value ? older.value : null))

  async function ask(id: string): Promise<void> {
    choices.value = problem.value = null
    if (id === '' || connection.state !== 'connected') return
    try {
      const found = known.value ?? (await studio.image(id))
      const taken = await studio.raceChoices(id)
      if (id !== imageId.value) return
      older.value = found
      choices.value = taken
    } catch (error) {
      if (id === imageId.value) problem.value = toErrorRecord(error)
    }
  }
  watch([imageId, () => connection.state], ([id]) => void ask(id), { immediate: true })
  return { imageId, image, choices, problem, again: () => void ask(imageId.value) }
}
