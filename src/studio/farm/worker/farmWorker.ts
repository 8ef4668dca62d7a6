import { Worker } from 'bullmq'
import { totalmem } from 'node:os'
import { StudioError } from '../../../shared/errors.ts'
import type { WorkerReport } from '../../../shared/queue/farm.ts'
import { createEngineProcess, type EngineProcess } from '../../engine/engineProcess.ts'
import { defaultEnginePath, findNodeBinary } from '../../paths.ts'
import { openRedis, type Entry } from '../farmQueue.ts'
import { withinTime } from '../../models/folders/timeLimit.ts'
import type { WorkerOrders } from '../wire.ts'
import { drawEntry, type EntryParts } from './drawEntry.ts'
import type { Drawing, DrawParts } from './drawImage.ts'
import { openFileStore } from './fileStore.ts'
import { linkToStudio } from './studioLink.ts'
import { takeEntries } from './takeEntries.ts'
import { inEnglish, type Warn } from '../../../shared/notices.ts'

export interface FarmWorkerOptions {
  studio: string
  key: string
  redis: string
  /** How the studio calls it: no other worker has this name. */
  name: string
  /** Where it keeps files that it fetched. */
  folder: string
  /** Folders in which it looks for models before it fetches them. */
  models: readonly string[]
  /** After this silence of a worker its image goes to another one, in ms. */
  leaseMs: number
  say: (message: string) => void
  enginePath?: string
}

export interface FarmWorker {
  /** Settles when it can work no more, with why. */
  ended: Promise<Error>
  /** Gives back what it draws, and ends. */
  close(): Promise<void>
}

/** How often it tells the studio of itself, in ms. */
const reportMs = 2000
/** How long giving back may take, in ms. */
const closingMs = 15_000
/** How often an image goes to another worker because its worker vanished. */
const mostLost = 2
/** Takes images from the farm's queue and draws them, one at a time, with an engine of its own. Throws `forbidden`, `bad-request` for another version, `unreachable`. */
export async function openFarmWorker(options: FarmWorkerOptions): Promise<FarmWorker> {
  const { name, say } = options
  const warn: Warn = (...says) => say(inEnglish(says))
  const studio = linkToStudio(options.studio, options.key)
  const files = openFileStore(options.folder, options.models, studio)
  let drawing: Drawing | null = null
  const engine = createEngineProcess({
    nodePath: findNodeBinary(),
    enginePath: options.enginePath ?? defaultEnginePath,
    events: {
      progress: (progress) => drawing?.progress(progress),
      preview: (_, pixels) => drawing?.preview(pixels),
      image: (image) => drawing?.image(image),
      evaluated() {},
      warning: warn,
    },
  })
  const devices = await devicesOf(engine)
  const tell = (): Promise<WorkerOrders> => {
    const report: WorkerReport = { name, devices, memoryBytes: totalmem(), models: files.known() }
    return studio.post<WorkerOrders>('/farm/workers', report)
  }
  const [{ queue }, versions] = await Promise.all([tell(), versionsOf(engine)]).catch((error: unknown) => {
    engine.close()
    throw error
  })
  const parts: DrawParts = { engine, files, studio, warn, hear: (heard) => (drawing = heard) }
  const closing = new AbortController()
  const entryParts = { ...parts, name, closing: closing.signal, versions }
  const { redis, worker } = openQueue(queue, options)
  const taker = takeEntries(worker, options.leaseMs, (job, token, drawn) =>
    drawEntry(job, token, entryParts, drawn),
  )
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>()
  const reporting = setInterval(
    () => void tell().then(obey, (error: Error) => isFinal(error) && end(error)),
    reportMs,
  )
  let isPaused = false

  function obey(orders: WorkerOrders): void {
    if (orders.isPaused === isPaused) return
    isPaused = orders.isPaused
    say(isPaused ? 'Paused by the studio.' : 'Goes on.')
    taker.pause(isPaused)
  }

  return {
    ended,
    async close() {
      clearInterval(reporting)
      closing.abort()
      // It would wait for a Redis that is away.
      await withinTime(taker.close(), closingMs, null)
      redis.disconnect()
      engine.close()
    },
  }
}

function openQueue(queue: string, { redis: url, name, leaseMs, say }: FarmWorkerOptions) {
  const redis = openRedis(url)
  const worker = new Worker<Entry>(queue, null, {
    ...{ connection: redis, name, maxStalledCount: mostLost },
    ...{ lockDuration: leaseMs, stalledInterval: leaseMs / 2 },
  })
  followTroubles(worker, redis, say)
  void worker.startStalledCheckTimer()
  return { redis, worker }
}

async function versionsOf(engine: EngineProcess): Promise<EntryParts['versions']> {
  const { engine: engineVersion, onnxRuntime: onnxRuntimeVersion } = await engine.calls.versions()
  return { engineVersion, onnxRuntimeVersion }
}

/** What "auto" stands for comes first. */
async function devicesOf(engine: EngineProcess): Promise<string[]> {
  const devices = (await engine.calls.devices().catch(() => [])).filter(({ available }) => available)
  const ordered = devices.toSorted((one, other) => Number(other.automatic) - Number(one.automatic))
  return ordered.length > 0 ? ordered.map(({ device }) => device) : ['cpu']
}

const isFinal = (error: Error): boolean =>
  error instanceof StudioError && ['bad-request', 'forbidden'].includes(error.code)

/** Says once that Redis is away, and once that it is back. */
function followTroubles(
  worker: Worker,
  redis: ReturnType<typeof openRedis>,
  say: (message: string) => void,
): void {
  let isAway = false
  worker.on('error', () => {})
  redis.on('error', (error: Error) => {
    if (!isAway) say(`Redis is away (${error.message}); waits for it.`)
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) say('Redis is back.')
    isAway = false
  })
}
