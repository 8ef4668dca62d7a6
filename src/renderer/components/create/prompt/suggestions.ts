import { useDebounceFn } from '@vueuse/core'
import { computed, reactive, ref, shallowRef, useId } from 'vue'
import type { Suggestion } from '../../../../shared/calls/promptCalls.ts'
import { useForm } from '../../../stores/form.ts'
import { studio } from '../../../studio.ts'

/** Ms after the last key. */
const pause = 80

/**
 * What the words before the caret could become. Tab takes the one that is marked, or the first; the arrows mark one, and then
 * Enter takes it too. `placeOf` says where a character stands in the window.
 */
export function useSuggestions(placeOf: (offset: number) => DOMRect | null) {
  const form = useForm()
  const items = shallowRef<Suggestion[]>([])
  const active = ref(-1)
  /** Where the caret stood when they were asked for: who types on has written more of the same word since. */
  const caretAt = ref(0)
  const place = shallowRef<DOMRect | null>(null)
  const listId = useId()
  let asked = 0

  const look = useDebounceFn(async (area: HTMLTextAreaElement, own: number): Promise<void> => {
    const caret = area.selectionStart
    if (own !== asked || caret !== area.selectionEnd || document.activeElement !== area) return
    const found = await studio
      .suggest({
        before: area.value.slice(0, caret),
        atEnd: area.value.slice(caret).trim() === '',
        family: form.model?.info?.family ?? null,
      })
      .catch(() => [])
    if (own !== asked) return
    active.value = -1
    caretAt.value = caret
    const from = caret - (found.find(({ kind }) => kind !== 'prompt')?.replaces ?? 0)
    place.value = found.length > 0 ? placeOf(from) : null
    items.value = found
  }, pause)

  const ask = (area: HTMLTextAreaElement): void => void look(area, ++asked)

  function close(): void {
    asked++
    items.value = []
    active.value = -1
  }

  /** What a key takes. */
  function onKey(event: KeyboardEvent, area: HTMLTextAreaElement): Suggestion | null {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event
    if (key === ' ' && ctrlKey) {
      event.preventDefault()
      ask(area)
    }
    if (items.value.length === 0 || ctrlKey || metaKey || altKey) return null
    const step = { ArrowDown: 1, ArrowUp: -1 }[key]
    const takes = (key === 'Tab' && !shiftKey) || (key === 'Enter' && active.value >= 0)
    if (step !== undefined) {
      // A list that somebody chooses from stays.
      asked++
      const count = items.value.length
      active.value = active.value < 0 && step < 0 ? count - 1 : (active.value + step + count) % count
    } else if (key === 'Escape') close()
    else if (!takes) return null
    event.preventDefault()
    event.stopPropagation()
    return takes ? items.value[Math.max(active.value, 0)] : null
  }

  const idOf = (index: number): string => `${listId}-${index}`
  const activeId = computed(() => (active.value < 0 ? undefined : idOf(active.value)))

  return reactive({ items, active, caretAt, place, listId, activeId, idOf, ask, close, onKey })
}

export type Suggestions = ReturnType<typeof useSuggestions>
