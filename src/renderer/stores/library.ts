import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ImageRecord } from '../../shared/history.ts'
import { studio } from '../studio.ts'

const pageLength = 120
const longestPage = 500

/** The history as the library shows it: a search or the trash, page after page, and what is selected. */
export const useLibrary = defineStore('library', () => {
  const search = ref('')
  const trashed = ref(false)
  const images = shallowRef<ImageRecord[]>([])
  const total = ref(0)
  /** false: there are more than `total`. */
  const isTotalExact = ref(true)
  const loaded = ref(false)
  const selected = shallowRef<ReadonlySet<string>>(new Set())
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
    loaded.value = true
    const present = images.value.filter(({ id }) => selected.value.has(id))
    if (present.length < selected.value.size) selected.value = new Set(present.map(({ id }) => id))
  }

  const refresh = (): Promise<void> =>
    ask(Math.min(Math.max(images.value.length, pageLength), longestPage), null)

  async function more(): Promise<void> {
    if (loading || nextCursor.value === null) return
    loading = true
    await ask(pageLength, nextCursor.value).finally(() => (loading = false))
  }

  async function show(wanted: { search?: string; trashed?: boolean }): Promise<void> {
    search.value = wanted.search ?? search.value
    trashed.value = wanted.trashed ?? trashed.value
    selected.value = new Set()
    await ask(pageLength, null)
  }

  function add(image: ImageRecord): void {
    if (trashed.value) return
    if (search.value !== '') return void refresh()
    images.value = [image, ...images.value.filter(({ id }) => id !== image.id)]
    total.value += 1
  }

  function drop(ids: readonly string[]): void {
    const stay = images.value.filter(({ id }) => !ids.includes(id))
    total.value -= images.value.length - stay.length
    images.value = stay
    selected.value = new Set()
  }

  const selectedImages = computed(() => images.value.filter(({ id }) => selected.value.has(id)))

  const shown = { search, trashed, images, total, isTotalExact, loaded }
  return { ...shown, selected, selectedImages, refresh, more, show, add, drop }
})
