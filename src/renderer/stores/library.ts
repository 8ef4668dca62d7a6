import { defineStore } from 'pinia'
import { computed, ref, shallowRef, type Ref } from 'vue'
import type { Facets } from '../../shared/pictureQuery/facets.ts'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { MarkedImage } from '../../shared/library/marks.ts'
import { namesMarks } from '../../shared/pictureQuery/editQuery.ts'
import { studio } from '../studio.ts'

const pageLength = 120
const longestPage = 500

/** The history as the library shows it: a search or the trash, page after page, its facets, and what is selected. */
export const useLibrary = defineStore('library', () => {
  const search = ref('')
  const trashed = ref(false)
  const pages = usePages({ search, trashed })
  const { images, total, loaded } = pages
  const facetCounts = useFacetCounts({ search, trashed })
  /** Ids, also of pictures that were not loaded yet. */
  const selected = shallowRef<ReadonlySet<string>>(new Set())

  /** Asks anew; what was shown and is no more is not selected either. */
  async function refresh(): Promise<void> {
    const before = images.value.slice(0, longestPage)
    await Promise.all([
      pages.ask(Math.min(Math.max(images.value.length, pageLength), longestPage), null),
      facetCounts.countFacets(),
    ])
    const present = new Set(images.value.map(({ id }) => id))
    const gone = before.filter(({ id }) => !present.has(id) && selected.value.has(id))
    if (gone.length > 0) selected.value = selected.value.difference(new Set(gone.map(({ id }) => id)))
  }

  async function show(wanted: { search?: string; trashed?: boolean }): Promise<void> {
    search.value = wanted.search ?? search.value
    trashed.value = wanted.trashed ?? trashed.value
    selected.value = new Set()
    await Promise.all([pages.ask(pageLength, null), facetCounts.countFacets()])
  }

  function add(image: ImageRecord): void {
    if (trashed.value) return
    if (search.value !== '') return void refresh().catch(() => {})
    images.value = [image, ...images.value.filter(({ id }) => id !== image.id)]
    total.value += 1
    void facetCounts.countFacets().catch(() => {})
  }

  function drop(ids: readonly string[]): void {
    const gone = new Set(ids)
    const stay = images.value.filter(({ id }) => !gone.has(id))
    total.value -= images.value.length - stay.length
    images.value = stay
    selected.value = new Set()
  }

  /** Puts new marks where they show; a search for marks is asked again. */
  function setMarks(marked: readonly MarkedImage[]): void {
    if (namesMarks(search.value)) return void refresh().catch(() => {})
    images.value = withMarks(images.value, marked)
    void facetCounts.countFacets().catch(() => {})
  }

  /** All that match, loaded or not. */
  async function selectAll(): Promise<void> {
    selected.value = new Set(await studio.historyIds({ search: search.value, trashed: trashed.value }))
  }

  const selectedImages = computed(() => images.value.filter(({ id }) => selected.value.has(id)))
  const { isTotalExact, notLookedAt, more } = pages
  const shown = { search, trashed, images, total, isTotalExact, notLookedAt, loaded, ...facetCounts }
  return { ...shown, selected, selectedImages, refresh, more, show, add, drop, setMarks, selectAll }
})

/** The images with the marks they have now. */
export function withMarks(images: readonly ImageRecord[], marked: readonly MarkedImage[]): ImageRecord[] {
  const changed = new Map(marked.map(({ id, marks }) => [id, marks]))
  return images.map((image) => {
    const marks = changed.get(image.id)
    return marks ? { ...image, marks } : image
  })
}

interface Question {
  search: Ref<string>
  trashed: Ref<boolean>
}

/** The pages of what matches. */
function usePages({ search, trashed }: Question) {
  const images = shallowRef<ImageRecord[]>([])
  const total = ref(0)
  /** false: there are more than `total`. */
  const isTotalExact = ref(true)
  const notLookedAt = ref(0)
  const loaded = ref(false)
  const nextCursor = ref<string | null>(null)
  let loading = false
  let asked = 0

  /** Answers may overtake each other while a person types: only the newest question's counts. */
  async function ask(limit: number, cursor: string | null): Promise<void> {
    const mine = ++asked
    const page = await studio.history({ search: search.value, trashed: trashed.value, limit, cursor })
    if (mine !== asked) return
    images.value = cursor === null ? page.items : [...images.value, ...page.items]
    nextCursor.value = page.nextCursor
    total.value = page.total
    isTotalExact.value = page.isTotalExact
    notLookedAt.value = page.notLookedAt
    loaded.value = true
  }

  async function more(): Promise<void> {
    if (loading || nextCursor.value === null) return
    loading = true
    await ask(pageLength, nextCursor.value).finally(() => (loading = false))
  }

  return { images, total, isTotalExact, notLookedAt, loaded, ask, more }
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
