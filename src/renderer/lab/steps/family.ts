import { shallowRef, watch } from 'vue'
import type { ImageRecord } from '../../../shared/library/history.ts'
import { useConnection } from '../../stores/connection.ts'
import { useFilm } from '../../stores/film.ts'
import { studio } from '../../studio.ts'

/** A picture in the tree of its family. */
export interface Relative {
  image: ImageRecord
  /** Place of its parent in the list; null for the first one, and where the parent is deleted. */
  parent: number | null
  /** How many it branched from, one from the other. */
  depth: number
  /** The prediction of its run, counted from 0, at which it left its parent's; 0 where it has none. */
  at: number
}

/** A family as a list that can be drawn line by line: every picture is followed by its branches, earliest first. */
export function familyTree(images: readonly ImageRecord[]): Relative[] {
  const parentOf = ({ request }: ImageRecord): string | null => request.branch?.imageId ?? null
  const isHere = (id: string | null): boolean => images.some((image) => image.id === id)
  const turnOf = ({ request }: ImageRecord): number => request.branch?.before.at(-1)?.until ?? 0
  const tree: Relative[] = []
  function add(image: ImageRecord, parent: number | null, depth: number): void {
    const own = tree.push({ image, parent, depth, at: turnOf(image) }) - 1
    const branches = images.filter((other) => parentOf(other) === image.id)
    for (const branch of branches.toSorted((a, b) => turnOf(a) - turnOf(b))) add(branch, own, depth + 1)
  }
  for (const image of images) if (!isHere(parentOf(image))) add(image, null, 0)
  return tree
}

/** The family of a picture, followed while pictures come and go. */
export function useFamily(imageId: () => string) {
  const connection = useConnection()
  const film = useFilm()
  const family = shallowRef<Relative[]>([])
  watch(
    () => [imageId(), connection.state, film.images] as const,
    async ([id, state]) => {
      if (state !== 'connected') return
      const images = id === '' ? [] : await studio.family(id).catch(() => [])
      if (id === imageId()) family.value = familyTree(images)
    },
    { immediate: true },
  )
  return family
}
