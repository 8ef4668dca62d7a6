import { useDebounceFn, useLocalStorage, useWindowFocus } from '@vueuse/core'
import { defineStore } from 'pinia'
import { watch } from 'vue'
import { studio } from '../studio.ts'
import { useForm } from './form.ts'

/** How long after the last change the form is kept, in ms. */
const afterMs = 1000

/**
 * The form as the studio keeps it: another browser, or the same at another address, goes on with what was asked for last.
 * Where both have one, the later counts.
 */
export const useKeptForm = defineStore('keptForm', () => {
  const form = useForm()
  const { prompt, negativePrompt } = form.request
  const isAttended = useWindowFocus()
  const changedAt = useLocalStorage('latent-studio.form-changed', 0)
  const written = (): string => JSON.stringify([form.request, form.seedLocked])
  let last = written()

  const keep = useDebounceFn(
    () =>
      studio
        .keepForm({ changedAt: changedAt.value, request: form.request, seedLocked: form.seedLocked })
        // It stays in this browser, and is kept with the next change or connection.
        .catch(() => {}),
    afterMs,
  )

  function noteChange(): void {
    if (written() === last) return
    last = written()
    // What changes by itself, in a window that nobody is at, takes no other browser's place.
    if (!isAttended.value) return
    changedAt.value = Date.now()
    void keep()
  }

  let isFirst = true
  async function refresh(): Promise<void> {
    const kept = await studio.keptForm()
    // Who writes while the window opens is not interrupted. Other fields change with the models that become known.
    const isWriting = prompt !== form.request.prompt || negativePrompt !== form.request.negativePrompt
    if (isFirst && (isWriting || !kept)) changedAt.value = Date.now()
    if (kept && kept.changedAt > changedAt.value) {
      form.restore(JSON.stringify(kept.request), kept.seedLocked)
      changedAt.value = kept.changedAt
    } else if (changedAt.value > (kept?.changedAt ?? 0)) void keep()
    last = written()
    if (isFirst) watch([() => form.request, () => form.seedLocked], noteChange, { deep: true })
    isFirst = false
  }

  return { refresh }
})
