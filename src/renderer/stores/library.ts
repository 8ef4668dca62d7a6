import { defineStore } from 'pinia'
import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import type { Facets } from '../../shared/pictureQuery/facets.ts'
import { mostIds, type ImageRecord } from '../../shared/library/history.ts'
import type { MarkedImage } from '../../shared/library/marks.ts'
import { namesMarks } from '../../shared/pictureQuery/editQuery.ts'
import { usePictureList, type Question } from '../composables/pictures/pictureList.ts'
import { studio } from '../studio.ts'

/** The history as the library shows it: a search or the trash, its facets, and what is selected. */
export const useLibrary = defineStore('library', () => {
  const search = ref('')
  const trashed = ref(false)
  /** Ids, also of pictures that are not here; at most `mostIds`. */
  const selected = shallowRef<ReadonlySet<string>>(new Set())
  const list = usePictureList({ search, trashed }, ({ id }) => selected.value.has(id))
  const facetCounts = useFacetCounts({ search, trashed })

  const selecting = useSelected(selected, list)

  /** Asks anew; what is no more is not selected either. */
  async function refresh(): Promise<void> {
    await Promise.all([list.refresh(), facetCounts.countFacets(), selecting.unselectGone()])
  }

  async function show(wanted: { search?: string; trashed?: boolean }): Promise<void> {
    search.value = wanted.search ?? search.value
    trashed.value = wanted.trashed ?? trashed.value
    selected.value = new Set()
    await Promise.all([list.begin(), facetCounts.countFacets()])
  }

  function add(image: ImageRecord): void {
    if (trashed.value) return
    if (search.value !== '') return void refresh().catch(() => {})
    list.addFirst(image)
    void Promise.all([list.fill(), facetCounts.countFacets()]).catch(() => {})
  }

  function drop(ids: readonly string[]): void {
    list.drop(ids)
    selected.value = new Set()
  }

  /** Puts new marks where they show; a search for marks is asked again. */
  function setMarks(marked: readonly MarkedImage[]): void {
    if (namesMarks(search.value)) return void refresh().catch(() => {})
    list.change(markedAs(marked))
    void facetCounts.countFacets().catch(() => {})
  }

  const { places, count, newer, total, notLookedAt, loaded } = list
  const { look, load, find, around, asked } = list
  const shown = { search, trashed, places, count, newer, total, notLookedAt, loaded }
  const reading = { asked, look, load, find, around, refresh, show }
  return { ...shown, ...facetCounts, ...selecting, ...reading, selected, add, drop, setMarks }
})

/** What is selected of a list. */
function useSelected(
  selected: ShallowRef<ReadonlySet<string>>,
  { asked, held, total }: Pick<ReturnType<typeof usePictureList>, 'asked' | 'held' | 'total'>,
) {
  /** Selects pictures; of too many the first ones, which is answered with false. */
  function select(ids: Iterable<string>): boolean {
    const all = [...new Set(ids)]
    selected.value = new Set(all.slice(0, mostIds))
    return all.length <= mostIds
  }

  /** All that match, here or not. */
  async function selectAll(): Promise<boolean> {
    return select(await studio.historyIds(asked())) && total.value <= mostIds
  }

  /** Selects all from one picture to another, both included, beside what was. */
  async function selectBetween(one: string, other: string): Promise<boolean> {
    const ids = await studio.historyIds({ ...asked(), between: [one, other] })
    return select([...selected.value, ...ids]) && ids.length < mostIds
  }

  async function unselectGone(): Promise<void> {
    const before = selected.value
    if (before.size === 0) return
    const present = new Set(await studio.historyIds({ ...asked(), among: [...before] }))
    if (selected.value === before && present.size < before.size) selected.value = before.intersection(present)
  }

  const selectedImages = computed(() => {
    const found = [...held.value.values()].filter(({ id }) => selected.value.has(id))
    return [...new Map(found.map((image) => [image.id, image])).values()]
  })

  return { selectedImages, select, selectAll, selectBetween, unselectGone }
}

/** Gives an image the marks that it has now. */
export function markedAs(marked: readonly MarkedImage[]): (image: ImageRecord) => ImageRecord {
  const changed = new Map(marked.map(({ id, marks }) => [id, marks]))
  return (image) => {
    const marks = changed.get(image.id)
    return marks ? { ...image, marks } : image
  }
}

/** What matches, counted while somebody looks at the counts. */
function useFacetCounts({ search, trashed }: Question) {
  const facets = shallowRef<Facets | null>(null)
  const showsFacets = ref(false)
  let asked = 0

  async function countFacets(): Promise<void> {
    if (!showsFacets.value) return
    const mine = ++asked
    const counted = await studio.facets({ search: search.value, trashed: trashed.value })
    if (mine === asked) facets.value = counted
  }

  return { facets, showsFacets, countFacets }
}
