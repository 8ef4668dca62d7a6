import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ImageRecord } from '../../shared/library/history.ts'
import type { MarkedImage } from '../../shared/library/marks.ts'
import { markedAs } from './library.ts'

/** Gives the pictures around one, itself among them, of a list that goes on beyond what is here. */
export type Further = (id: string) => Promise<readonly ImageRecord[]>
type End = 'first' | 'last'

interface Opening {
  back?: ((id: string | null) => void | Promise<void>) | null
  more?: Further | null
  ends?: Record<End, boolean>
}

/** Pictures from an end at which more are fetched, and those that are held at most. */
const nearEnd = 20
const mostHeld = 400

/** The large view of one picture among those it was opened from. */
export const useViewer = defineStore('viewer', () => {
  const { images, index, isEnd, begin, extend, lookAhead } = useGrowingList()
  const isOpen = ref(false)
  /** Gets the focus when the viewer closes, and is told the picture that was seen last. */
  let comeBack: Opening['back'] = null

  const image = computed(() => images.value[index.value] ?? null)
  const isFirst = computed(() => index.value === 0 && isEnd.value.first)
  const isLast = computed(() => index.value === images.value.length - 1 && isEnd.value.last)

  /**
   * @param more where the list goes on; without it, it is here as a whole
   * @param ends which of its ends are here: what cannot be pressed must not get the focus first
   * @param back see `comeBack`; from within the viewer it stays as it was
   */
  function openViewer(
    among: readonly ImageRecord[],
    id: string,
    { back = comeBack, more = null, ends = { first: !more, last: !more } }: Opening = {},
  ): void {
    comeBack = back
    begin(among, id, more, ends)
    isOpen.value = among.length > 0
  }

  /** Shows a picture before all others. */
  function putFirst(made: ImageRecord): void {
    images.value = [made, ...images.value]
    index.value = 0
  }

  async function step(by: number): Promise<void> {
    const to = index.value + by
    if (to < 0 && !isEnd.value.first) await extend('first')
    if (to >= images.value.length && !isEnd.value.last) await extend('last')
    stay(index.value + by)
    lookAhead()
  }

  function stay(place: number): void {
    index.value = Math.max(0, Math.min(place, images.value.length - 1))
  }

  /** After the picture in view went to the trash its neighbour shows; after the last one the viewer closes. */
  function leave(id: string): void {
    images.value = images.value.filter((candidate) => candidate.id !== id)
    stay(index.value)
    if (images.value.length === 0) isOpen.value = false
    else lookAhead()
  }

  /** Answers whether the focus was taken back to where the viewer was opened. */
  function giveBack(): boolean {
    const back = comeBack
    comeBack = null
    void back?.(image.value?.id ?? null)
    return !!back
  }

  function setMarks(marked: readonly MarkedImage[]): void {
    images.value = images.value.map(markedAs(marked))
  }

  return { images, image, isOpen, isFirst, isLast, openViewer, putFirst, step, leave, giveBack, setMarks }
})

/** A part of a long list, around the picture in view. */
function useGrowingList() {
  const images = shallowRef<readonly ImageRecord[]>([])
  const index = ref(0)
  let further: Further | null = null
  /** Ends of the list that are here. */
  const isEnd = ref({ first: true, last: true })
  const fetching: Record<End, Promise<void> | null> = { first: null, last: null }

  function begin(
    among: readonly ImageRecord[],
    id: string,
    more: Further | null,
    ends: Record<End, boolean>,
  ): void {
    further = more
    isEnd.value = ends
    fetching.first = fetching.last = null
    images.value = among
    index.value = Math.max(
      0,
      among.findIndex((candidate) => candidate.id === id),
    )
    lookAhead()
  }

  function lookAhead(): void {
    if (index.value < nearEnd && !isEnd.value.first) void extend('first')
    if (index.value >= images.value.length - nearEnd && !isEnd.value.last) void extend('last')
  }

  function extend(end: End): Promise<void> {
    const work = (fetching[end] ??= fetchBeyond(end).finally(() => {
      if (fetching[end] === work) fetching[end] = null
    }))
    return work
  }

  /** Puts those beyond an end to the list; what is far from the view on the other side is let go. */
  async function fetchBeyond(end: End): Promise<void> {
    const [list, edge] = [further, end === 'first' ? images.value[0] : images.value.at(-1)]
    if (!list || !edge) return
    // What cannot be fetched is tried again with the next step.
    const around = await list(edge.id).catch(() => null)
    if (further !== list || !around) return
    const place = around.findIndex(({ id }) => id === edge.id)
    const known = new Set(images.value.map(({ id }) => id))
    const beyond = place < 0 ? [] : end === 'first' ? around.slice(0, place) : around.slice(place + 1)
    const found = beyond.filter(({ id }) => !known.has(id))
    if (found.length === 0) isEnd.value = { ...isEnd.value, [end]: true }
    else if (end === 'last') {
      const cut = Math.max(0, Math.min(images.value.length + found.length - mostHeld, index.value - nearEnd))
      images.value = [...images.value, ...found].slice(cut)
      index.value -= cut
      if (cut > 0) isEnd.value = { ...isEnd.value, first: false }
    } else {
      const all = [...found, ...images.value]
      images.value = all.slice(0, mostHeld)
      index.value += found.length
      if (all.length > mostHeld) isEnd.value = { ...isEnd.value, last: false }
    }
  }

  return { images, index, isEnd, begin, extend, lookAhead }
}
