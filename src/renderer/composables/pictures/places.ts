/** Things of a list by their places, of which some are not here. */
export interface Places<Item> {
  count: number
  /** null: it is not here. */
  at(place: number): Item | null
  /** -1: it is not here. */
  placeOf(id: string): number
}

interface WithId {
  id: string
}

/** A list that is here as a whole. */
export const placesOf = <Item extends WithId>(items: readonly Item[]): Places<Item> => ({
  count: items.length,
  at: (place) => items[place] ?? null,
  placeOf: (id) => items.findIndex((item) => item.id === id),
})

/** What is here of a long list. */
export type Held<Item> = ReadonlyMap<number, Item>

export const heldPlaces = <Item extends WithId>(held: Held<Item>, count: number): Places<Item> => ({
  count,
  at: (place) => held.get(place) ?? null,
  placeOf: (id) => [...held].find(([, item]) => item.id === id)?.[0] ?? -1,
})

/** Places that are fetched at once. */
export const pageLength = 60
/** How many pages from the view things are still held. */
const reach = 20

/** Places in view, both included. */
export interface View {
  first: number
  last: number
}

/** The pages that a view wants, the most wanted first: its own, then the next one to either side. */
export function pagesAround({ first, last }: View, count: number): number[] {
  const [from, to] = [Math.floor(first / pageLength), Math.floor(last / pageLength)]
  const own = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  return [...own, to + 1, from - 1].filter((page) => page >= 0 && page * pageLength < count)
}

/** Whether a page is so near the view that all of it is still held. */
export const isNear = (page: number, { first, last }: View): boolean =>
  page >= Math.floor(first / pageLength) - reach && page <= Math.floor(last / pageLength) + reach

/**
 * What is held, with a page as it is now. What is far from the view is let go, but for what is to be kept.
 * @param items those of the page; fewer than `pageLength` at the end of the list
 */
export function withPage<Item extends WithId>(
  held: Held<Item>,
  page: { number: number; items: readonly Item[] },
  view: View,
  isKept: (item: Item) => boolean,
): Held<Item> {
  const begin = page.number * pageLength
  const came = new Set(page.items.map(({ id }) => id))
  const stays = [...held].filter(([place, item]) => {
    const itsPage = Math.floor(place / pageLength)
    return itsPage !== page.number && !came.has(item.id) && (isNear(itsPage, view) || isKept(item))
  })
  return new Map([...stays, ...page.items.map((item, at) => [begin + at, item] as const)])
}

/** What is held after one more came before all others. */
export const withFirst = <Item>(held: Held<Item>, first: Item): Held<Item> =>
  new Map([[0, first], ...[...held].map(([place, item]) => [place + 1, item] as const)])

/** What is held after some are gone: what stood behind them moves up. */
export function withoutIds<Item extends WithId>(held: Held<Item>, gone: ReadonlySet<string>): Held<Item> {
  let before = 0
  const stays: [number, Item][] = []
  for (const [place, item] of [...held].sort(([one], [other]) => one - other)) {
    if (gone.has(item.id)) before++
    else stays.push([place - before, item])
  }
  return new Map(stays)
}

/** What is held around a place without a gap, in its order. */
export function runAround<Item>(held: Held<Item>, place: number): Item[] {
  let [from, to] = [place, place]
  while (held.has(from) && held.has(from - 1)) from--
  while (held.has(to)) to++
  return Array.from({ length: to - from }, (_, at) => held.get(from + at)!)
}
