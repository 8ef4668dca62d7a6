import type { ErrorRecord } from '../../shared/errors.ts'
import type { ImageNeeds } from '../../shared/queue/farm.ts'
import type { EngineProgress, Pixels } from '../../shared/engine/engineContract.ts'
import type { FinishedImage } from '../jobs/run/saveImage.ts'
import type { FarmTask } from './farmTask.ts'
import type { FarmQueue } from './farmQueue.ts'

/** One image of a running job, for the farm to draw. */
export interface FarmImage {
  id: string
  jobId: string
  index: number
  /** Its library and who asked for it: those take turns. */
  whose: string
  needs: ImageNeeds
  task(): Promise<FarmTask>
  /** Whether nobody wants it any more: who draws it is told. */
  isStopped(): boolean
  told(progress: EngineProgress, preview: Pixels | null): void
  /** Keeps its picture. */
  save(image: FinishedImage, facts: DrawnBy): Promise<void>
  failed(reason: ErrorRecord): void
  /** It was stopped, and who drew it has stopped. */
  letGo(): void
}

/** What a worker tells of the program that drew a picture. */
export interface DrawnBy {
  worker: string
  engineVersion: string
  onnxRuntimeVersion: string
}

/** An image with what is known of who draws it. */
export interface Posted {
  image: FarmImage
  /** Whether it stands in Redis. */
  isPut: boolean
  /** Whether its picture has come. */
  isHere: boolean
  worker: string | null
  /** When it took it, and was last heard. */
  takenAt: number
  heardAt: number
  saving: Promise<void> | null
}

/** The images that the farm is to draw. A few at a time stand in Redis; the others wait here, so that people take turns. */
export interface Board {
  post(images: readonly FarmImage[]): void
  find(id: string): Posted | undefined
  all(): Posted[]
  /** The picture of an image has come, though it is not kept yet: another image may be put into Redis. */
  arrived(id: string): void
  remove(id: string): void
  /** Puts images into Redis while there is room. */
  fill(): void
  /** Puts in again what Redis has lost, and hears what it has given up. */
  sweep(): Promise<void>
}

const unposted = { isPut: false, isHere: false, worker: null, takenAt: 0, heardAt: 0, saving: null }

/** @param room how many images may stand in Redis whose pictures have not come, those that are drawn included. */
export function createBoard(queue: FarmQueue, room: () => number): Board {
  const posted = new Map<string, Posted>()
  /** Whose images are not in Redis yet; the next one's turn comes first. */
  const waiting = new Map<string, FarmImage[]>()
  let sweeping: Promise<void> | null = null
  let putCount = 0

  function put(one: Posted): void {
    const { id, jobId, index } = one.image
    if (!one.isPut && !one.isHere) putCount++
    one.isPut = true
    void queue.put(id, { jobId, index })
  }

  function fill(): void {
    while (queue.isConnected() && putCount < room()) {
      const [next] = waiting
      if (!next) return
      const [whose, images] = next
      const image = images.shift()!
      waiting.delete(whose)
      if (images.length > 0) waiting.set(whose, images)
      const one = posted.get(image.id)
      if (one?.image === image) put(one)
    }
  }

  function makeRoom(one: Posted | undefined): void {
    if (!one || one.isHere) return
    if (one.isPut) putCount--
    one.isHere = true
    fill()
  }

  async function sweep(): Promise<void> {
    for (const one of [...posted.values()].filter(({ isPut }) => isPut)) {
      const found = await queue.look(one.image.id)
      if (found === null || posted.get(one.image.id) !== one || one.saving) continue
      if (found === 'missing') put(one)
      else one.image.failed(found)
    }
    fill()
  }

  return {
    post(images) {
      for (const image of images) {
        posted.set(image.id, { image, ...unposted })
        const others = waiting.get(image.whose)
        if (others) others.push(image)
        else waiting.set(image.whose, [image])
      }
      fill()
    },
    find: (id) => posted.get(id),
    all: () => [...posted.values()],
    arrived: (id) => makeRoom(posted.get(id)),
    remove(id) {
      const one = posted.get(id)
      posted.delete(id)
      makeRoom(one)
    },
    fill,
    sweep: () => (sweeping ??= sweep().finally(() => (sweeping = null))),
  }
}
