import { watchDebounced } from '@vueuse/core'
import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { listOf, type RequestNote } from '../../../shared/request/requestNotes.ts'
import { useConnection } from '../../stores/connection.ts'
import { useForm } from '../../stores/form.ts'
import { studio } from '../../studio.ts'
import { useToldWords } from '../words/toldWords.ts'

/** Ms after the last key before the studio is asked. */
const pause = 400

/** What the studio says of the request in the form, before it runs. */
export function useRequestNotes() {
  const form = useForm()
  const connection = useConnection()
  const notes = shallowRef<RequestNote[]>([])
  let asked = 0

  watchDebounced(
    [() => form.request, () => connection.state],
    async () => {
      if (connection.state !== 'connected') return
      const own = ++asked
      const answer = await studio.notes(form.toRequest()).catch(() => [])
      if (own === asked) notes.value = answer
    },
    { debounce: pause, deep: true, immediate: true },
  )
  return notes
}

/** Notes as sentences of the person's language. */
export function useNoteWords() {
  const { t } = useI18n()
  const toldWords = useToldWords()
  return (note: RequestNote): string =>
    note.told ? toldWords(note.told).said : t(`note.${note.kind}`, { list: listOf(note) })
}
