import { computed, reactive, ref, shallowRef, useId } from 'vue'
import { useI18n } from 'vue-i18n'
import { openPart, printValue, type OpenPart } from '../../../shared/pictureQuery/completeQuery.ts'
import { facetNames, type Facets } from '../../../shared/pictureQuery/facets.ts'
import { foldText } from '../../../shared/pictureQuery/foundWords.ts'
import { namesOf, queryFields, type QueryField } from '../../../shared/pictureQuery/queryFields.ts'
import { fieldWords, valueWords } from './queryWords.ts'

/** What the part of a search before the caret could become. */
export interface QuerySuggestion {
  /** What takes its place. */
  put: string
  /** As it shows: a field or a value. */
  name: string
  /** What that is in the person's language, or how many pictures have it. */
  note: string
}

/** More are found by another letter. */
const most = 40
/** Letters after which names are looked for, and what they are called: most words of a search are no fields. */
const fewest = { name: 2, words: 3 }

/** Makes the function that says what a part of a search could become. */
function useSuggest(facets: () => Facets | null): (part: OpenPart) => QuerySuggestion[] {
  const { t, n } = useI18n()
  const say = (words: readonly string[]): string => words.map((key) => t(key)).join(' · ')

  /** Those called so first, then those that are called so in words. */
  function fieldsFor(written: string): QuerySuggestion[] {
    const begun = foldText(written)
    const isUnspaced = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u.test(begun)
    if (begun.length < fewest.name && !isUnspaced) return []
    const byName = queryFields.filter((field) => namesOf(field).some((name) => name.startsWith(begun)))
    const isSaid = (field: QueryField): boolean => {
      const words = foldText(say(fieldWords[field]))
      return isUnspaced
        ? words.includes(begun)
        : words.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(begun))
    }
    const bySaid = isUnspaced || begun.length >= fewest.words ? queryFields.filter(isSaid) : []
    return [...new Set([...byName, ...bySaid])].map((field) => ({
      put: `${field}:`,
      name: field,
      note: say(fieldWords[field]),
    }))
  }

  function valuesFor(field: QueryField, written: string): QuerySuggestion[] {
    const begun = foldText(written)
    const facet = facetNames.find((name) => name === field)
    const known = Object.entries(valueWords[field] ?? {}).map(([name, words]) => ({ name, note: say(words) }))
    const counted = (facet ? (facets()?.[facet] ?? []) : []).map(({ value, count }) => ({
      name: value,
      note: n(count),
    }))
    return (known.length > 0 ? known : counted)
      .filter(
        ({ name, note }) =>
          [name, note].some((text) => foldText(text).includes(begun)) && foldText(name) !== begun,
      )
      .map(({ name, note }) => ({ put: `${printValue(name)} `, name, note }))
  }

  return ({ field, written }) => (field === null ? fieldsFor(written) : valuesFor(field, written))
}

/** A list below the search, of which the arrows mark one, and Enter or Tab take it. */
export function useQuerySuggestions(facets: () => Facets | null) {
  const suggest = useSuggest(facets)
  const items = shallowRef<QuerySuggestion[]>([])
  const active = ref(-1)
  const start = ref(0)
  const listId = useId()

  function close(): void {
    items.value = []
    active.value = -1
  }

  function look(text: string, caret: number): void {
    close()
    const part = openPart(text, caret)
    if (!part) return
    start.value = part.start
    items.value = suggest(part).slice(0, most)
  }

  /** Whether a key is the list's; the suggestion that it takes. */
  function onKey({
    key,
    ctrlKey,
    metaKey,
    altKey,
    shiftKey,
    isComposing,
  }: KeyboardEvent): QuerySuggestion | boolean {
    if (items.value.length === 0 || ctrlKey || metaKey || altKey || shiftKey || isComposing) return false
    const count = items.value.length
    if (key === 'ArrowDown') active.value = (active.value + 1) % count
    else if (key === 'ArrowUp') active.value = (active.value <= 0 ? count : active.value) - 1
    else if (key === 'Escape') close()
    else return ((key === 'Enter' || key === 'Tab') && items.value[active.value]) || false
    return true
  }

  const idOf = (at: number): string => `${listId}-${at}`
  const activeId = computed(() => (active.value < 0 ? undefined : idOf(active.value)))
  return reactive({ items, active, start, listId, activeId, idOf, look, close, onKey })
}

export type QuerySuggestions = ReturnType<typeof useQuerySuggestions>
