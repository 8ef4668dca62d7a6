import type { Weight } from '../../graph/weights/weight.ts'

/** Neighbours that are looked at on either side. */
const considered = 6

/**
 * The name a network's tensor has in its file, also where it is missing: the beginning of one neighbour's name and the
 * end of another's, put together so that `place` leads to `wanted`. null where no neighbours tell.
 */
export function nameInFile(
  wanted: string,
  known: ReadonlyMap<string, Pick<Weight, 'shape'> & { readonly name: string }>,
  place: (name: string, shape: readonly number[]) => readonly string[],
): string | null {
  const there = known.get(wanted)
  if (there) return there.name
  const neighbours = [...known]
  const nearest = (likeness: (key: string) => number) =>
    neighbours
      .toSorted(([one], [other]) => likeness(other) - likeness(one))
      .slice(0, considered)
      .map(([, weight]) => weight)
  const heads = nearest((key) => commonStart(key, wanted))
  const similar = nearest((key) => commonStart(reversed(key), reversed(wanted)))
  // What there is only once has its name in common with nothing: often it is the same in the file.
  const tails = [...similar, { name: wanted, shape: [] }]
  for (const head of heads)
    for (const tail of tails)
      // Rather the whole of a neighbour's name but its end than bits of two.
      for (const start of cuts(head.name).toReversed())
        for (const end of cuts(tail.name)) {
          const name = head.name.slice(0, start) + tail.name.slice(end)
          if (place(name, tail.shape).includes(wanted)) return name
        }
  return null
}

function commonStart(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length
}

const reversed = (text: string): string => [...text].reverse().join('')

/** Before the name, and behind each of its dots. */
const cuts = (name: string): number[] => [0, ...[...name.matchAll(/\./g)].map(({ index }) => index + 1)]
