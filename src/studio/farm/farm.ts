import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { FarmState, FarmWorker } from '../../shared/queue/farm.ts'
import type { StoredJob } from '../jobs/queue/jobStore.ts'
import type { Painter } from '../jobs/run/painter.ts'
import { createBoard } from './board.ts'
import { createDesk } from './desk.ts'
import { createFarmPainter, type LibraryParts } from './farmPainter.ts'
import { openFarmQueue } from './farmQueue.ts'
import { openPausedWorkers } from './pausedWorkers.ts'
import { createShelf } from './shelf.ts'
import { createWorkers } from './workers.ts'
import { saying, type Saying } from '../../shared/notices.ts'

/** The studio's side of a farm, for all libraries that it serves. */
export interface Farm {
  /** Who draws the jobs of a library; asks `look` when there may be room for more of them. */
  painter(library: LibraryParts, look: () => void): Painter
  /** Whether a job is for the farm: what is only turned, cut or enlarged is done by the studio. */
  draws(job: StoredJob): boolean
  /** Answers workers; see `createDesk`. */
  answer(request: Request): Promise<Response>
  state(): Promise<FarmState>
  pauseWorker(name: string, isPaused: boolean): Promise<void>
  /** Forgets a picture that was given up. */
  discardLetter(imageId: string): Promise<void>
  close(): Promise<void>
}

export interface FarmOptions {
  /** redis://HOST:PORT or a socket's path. */
  redis: string
  /** Decides the queue's name: one for every data folder of every machine. */
  dataFolder: string
  isKey: (key: string) => Promise<boolean>
}

/** How often it is looked whether Redis still has what was put into it, in ms. */
const sweepMs = 5000

export function openFarm(options: FarmOptions): Farm {
  const libraries = new Map<LibraryParts, () => void>()
  const lookAll = (): void => libraries.forEach((look) => look())
  const pausedWorkers = openPausedWorkers(options.dataFolder)
  const workers = createWorkers(pausedWorkers, () => {
    board.fill()
    lookAll()
  })
  /** Each worker has one, and finds the next one waiting; a first worker finds two. */
  const room = (): number => 2 * workers.candidates().length + 2
  /** The pictures of others are just being kept. */
  const roomForJobs = (): number => 3 * workers.candidates().length + 2
  const queue = openFarmQueue({
    redis: options.redis,
    name: queueName({ host: hostname(), dataFolder: options.dataFolder }),
    connected() {
      void board.sweep().then(lookAll)
    },
    away: () => [...libraries.keys()].forEach(({ warn }) => warn(farmAway(options.redis))),
    failed: (imageId, reason) => board.find(imageId)?.image.failed(reason),
  })
  const board = createBoard(queue, room)
  const shelf = createShelf()
  const sweeping = setInterval(() => void board.sweep(), sweepMs)
  const atOnce = (): number => (queue.isConnected() ? roomForJobs() : 0)

  async function state(): Promise<FarmState> {
    const drawing = (name: string): FarmWorker['drawing'] =>
      board
        .all()
        .filter(({ worker }) => worker === name)
        .map(({ image, takenAt }) => ({ jobId: image.jobId, since: takenAt }))
    const waiting = board.all().filter(({ worker }) => worker === null).length
    return {
      isConnected: queue.isConnected(),
      queue: queue.name,
      waiting,
      drawing: board.all().length - waiting,
      workers: workers.list(drawing),
      deadLetters: await queue.deadLetters(),
    }
  }

  return {
    painter(library, look) {
      libraries.set(library, look)
      if (pausedWorkers.problem) library.warn(pausedWorkers.problem)
      return createFarmPainter(library, { board, queue, shelf, atOnce })
    },
    draws: ({ request }) => !request.editOf && !request.upscaleOf,
    answer: createDesk({ board, queue, shelf, workers, isKey: options.isKey, state }),
    state,
    pauseWorker: workers.pause,
    discardLetter: queue.takeBack,
    async close() {
      clearInterval(sweeping)
      await queue.close()
    },
  }
}

/** BullMQ's names have no colons. */
export const queueName = ({ host, dataFolder }: { host: string; dataFolder: string }): string =>
  `latent-studio-${createHash('sha256').update(`${host}\n${dataFolder}`).digest('hex').slice(0, 12)}`

const farmAway = (redis: string): Saying => saying('farmAway', { redis: withoutPassword(redis) })

const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':…@')
