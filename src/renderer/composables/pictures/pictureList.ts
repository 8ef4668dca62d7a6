import { computed, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { ImageRecord, Page } from '../../../shared/library/history.ts'
import { studio } from '../../studio.ts'
import {
  heldPlaces,
  isNear,
  pageLength,
  pagesAround,
  runAround,
  withFirst,
  withoutIds,
  withPage,
  type Held,
  type View,
} from './places.ts'

export interface Question {
  search: Ref<string>
  trashed: Ref<boolean>
}

/**
 * All that a search finds, by place. Pages around the view are fetched one after the other, those in view first, so what is
 * scrolled past meanwhile never is. Who has scrolled away from the top sees the list as it began then: what is newer waits.
 * @param isKept what is held though it is far from the view
 */
export function usePictureList(question: Question, isKept: (image: ImageRecord) => boolean) {
  const pages = usePages(question, isKept)
  const { held, count, newer, loaded, notLookedAt } = pages.list
  const places = computed(() => heldPlaces(held.value, count.value))
  const total = computed(() => count.value + newer.value)

  function addFirst(image: ImageRecord): void {
    if (!pages.isFromTop()) return void (newer.value += 1)
    if (places.value.placeOf(image.id) === 0) return
    held.value = withFirst(held.value, image)
    count.value += 1
    pages.forget()
  }

  function drop(ids: readonly string[]): void {
    const stays = withoutIds(held.value, new Set(ids))
    count.value -= held.value.size - stays.size
    held.value = stays
    pages.forget()
  }

  function change(changed: (image: ImageRecord) => ImageRecord): void {
    held.value = new Map([...held.value].map(([place, image]) => [place, changed(image)]))
  }

  /** The picture of a place, fetched where it is not here; null: there is none. */
  async function load(place: number): Promise<ImageRecord | null> {
    if (!held.value.has(place)) await pages.ask(Math.floor(place / pageLength))
    return held.value.get(place) ?? null
  }

  async function find(id: string): Promise<number> {
    const place = places.value.placeOf(id)
    if (place >= 0) return place
    return (await studio.history({ ...pages.asked(), around: id, limit: 1 })).offset - newer.value
  }

  /** The pictures that are here around one that is, and whether they reach the ends of the list. */
  function around(place: number) {
    const images = runAround(held.value, place)
    const first = place - images.indexOf(held.value.get(place)!)
    const ends = { first: first === 0 && newer.value === 0, last: first + images.length === count.value }
    return { images, ends }
  }

  const { asked, refresh, begin, look, fill } = pages
  const shown = { held, places, count, newer, total, notLookedAt, loaded }
  return { ...shown, asked, refresh, begin, look, fill, addFirst, drop, change, load, find, around }
}

interface List {
  held: ShallowRef<Held<ImageRecord>>
  count: Ref<number>
  /** Pictures before the first of the list, which wait. */
  newer: Ref<number>
  notLookedAt: Ref<number>
  loaded: Ref<boolean>
}

const emptyList = (): List => ({
  held: shallowRef(new Map()),
  ...{ count: ref(0), newer: ref(0), notLookedAt: ref(0) },
  loaded: ref(false),
})

/** Fetches the pages of a list around the view. */
function usePages({ search, trashed }: Question, isKept: (image: ImageRecord) => boolean) {
  const list = emptyList()
  /** null: nobody looks. */
  let view: View | null = null
  /** Where the list begins; null: at the newest. */
  let start: string | null = null
  let startNow: string | null = null
  /** Pages that are as the studio has them. */
  let fresh = new Set<number>()
  /** What was asked before the last change does not count. */
  let version = 0
  let isOther = true
  let filling: Promise<void> | null = null

  const asked = () => ({ search: search.value, trashed: trashed.value })

  async function ask(page: number): Promise<void> {
    const mine = version
    const offset = page * pageLength
    const answer = await studio.history({ ...asked(), cursor: start, offset, limit: pageLength })
    if (mine !== version) return
    const countBefore = list.count.value
    takeTotals(list, answer, offset)
    // Somebody else changed something: the other pages may not be where they were.
    if (list.count.value !== countBefore) fresh.clear()
    // What is let go is fetched again when one comes back.
    const place = view ?? atTop
    fresh = new Set([...fresh].filter((other) => isNear(other, place))).add(page)
    const before: Held<ImageRecord> = isOther ? new Map() : list.held.value
    list.held.value = withPage(before, { number: page, items: answer.items }, place, isKept)
    isOther = false
    if (page === 0 && start === null) startNow = answer.cursor
  }

  function wanted(): number | undefined {
    if (fresh.size === 0) return Math.floor((view ?? atTop).first / pageLength)
    return view ? pagesAround(view, list.count.value).find((page) => !fresh.has(page)) : undefined
  }

  async function fetchWanted(): Promise<void> {
    for (let page = wanted(); page !== undefined; page = wanted()) await ask(page)
  }

  const fill = (): Promise<void> => (filling ??= fetchWanted().finally(() => (filling = null)))

  function forget(): void {
    version++
    fresh.clear()
  }

  function refresh(): Promise<void> {
    forget()
    return fill()
  }

  /** Asks another question: what is shown stays until its answer is there. */
  function begin(): Promise<void> {
    isOther = true
    start = null
    if (view) view = atTop
    return refresh()
  }

  /** @param seen null: nobody looks any more */
  function look(seen: View | null): Promise<void> {
    view = seen
    if (!view) return Promise.resolve()
    const isAtTop = view.first === 0
    if (isAtTop && start !== null) {
      start = null
      return refresh()
    }
    if (!isAtTop) start ??= startNow
    return fill()
  }

  return { list, asked, ask, fill, refresh, begin, look, forget, isFromTop: () => start === null }
}

/** What an answer that begins `offset` places behind the first of the list says of all of it. */
function takeTotals({ count, newer, notLookedAt, loaded }: List, answer: Page, offset: number) {
  newer.value = answer.offset - offset
  count.value = answer.total - newer.value
  notLookedAt.value = answer.notLookedAt
  loaded.value = true
}

const atTop: View = { first: 0, last: 0 }
