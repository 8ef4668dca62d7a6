import { Queue, QueueEvents, type Job } from 'bullmq'
import { Redis } from 'ioredis'
import { errorCodes, type ErrorCode, type ErrorRecord } from '../../shared/errors.ts'
import type { DeadLetter } from '../../shared/queue/farm.ts'
import { withinTime } from '../models/folders/timeLimit.ts'

/** What an entry of the queue says: which image of which job. Everything else is asked of the studio. */
export interface Entry {
  jobId: string
  index: number
}

/** The studio's side of the queue in Redis. While Redis is away nothing of it throws or waits. */
export interface FarmQueue {
  readonly name: string
  isConnected(): boolean
  /** Puts an image in at the end; one that is there, or being drawn, stays where it is. */
  put(imageId: string, entry: Entry): Promise<void>
  /** Takes an image out that no worker has, and its dead letter. */
  takeBack(imageId: string): Promise<void>
  /** null: it is on its way; else that it is not there, or why it was given up. */
  look(imageId: string): Promise<'missing' | ErrorRecord | null>
  deadLetters(): Promise<DeadLetter[]>
  close(): Promise<void>
}

/** Dead letters that are kept in Redis. */
const lettersKept = 1000
const lettersTold = 100

/** How long Redis may take for an answer, in ms. */
const patienceMs = 3000

/** How often an image is tried that a worker failed to draw for reasons of its own. */
const attempts = 2
const retryAfterMs = 1000

export function openFarmQueue(options: {
  redis: string
  name: string
  connected: () => void
  away: () => void
  failed: (imageId: string, reason: ErrorRecord) => void
}): FarmQueue {
  const { name, redis: url } = options
  const redis = openRedis(url)
  const queue = new Queue<Entry>(name, { connection: redis })
  const heard = openRedis(url)
  const events = new QueueEvents(name, { connection: heard })
  let isConnected = false
  redis.on('ready', () => {
    isConnected = true
    options.connected()
  })
  const lost = (): void => {
    isConnected = false
    options.away()
  }
  redis.on('close', lost).on('error', lost)
  // The same troubles, told once more.
  queue.on('error', () => {})
  events.on('error', () => {})
  events.on('failed', ({ jobId, failedReason }) => options.failed(jobId, readReason(failedReason)))

  /** What is asked as Redis goes away would be answered when it is back, perhaps never. */
  const whileThere = async <Answer>(ask: () => Promise<Answer>, otherwise: Answer): Promise<Answer> => {
    if (!isConnected) return otherwise
    const asked = ask().catch(() => otherwise)
    return withinTime(asked, patienceMs, otherwise)
  }

  return {
    name,
    isConnected: () => isConnected,
    put: (imageId, entry) =>
      whileThere(async () => {
        const kept = { removeOnComplete: true, removeOnFail: { count: lettersKept } }
        await queue.add('image', entry, { jobId: imageId, attempts, backoff: retryAfterMs, ...kept })
      }, undefined),
    takeBack: (imageId) => whileThere(async () => void (await queue.remove(imageId)), undefined),
    look: (imageId) =>
      whileThere(async () => {
        const job = await queue.getJob(imageId)
        if (!job) return 'missing'
        return job.finishedOn && job.failedReason ? readReason(job.failedReason) : null
      }, null),
    deadLetters: () => whileThere(async () => (await queue.getFailed(0, lettersTold - 1)).map(toLetter), []),
    async close() {
      isConnected = false
      redis.off('close', lost).off('error', lost)
      await withinTime(Promise.allSettled([queue.close(), events.close()]), patienceMs, null)
      redis.disconnect()
      heard.disconnect()
    },
  }
}

/** A connection that never gives up, and of which BullMQ may block. */
export function openRedis(url: string): Redis {
  const retryStrategy = (times: number): number => Math.min(200 * times, 2000)
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy })
  // Who opens it listens too, where it matters; nobody listening would be a crash.
  return redis.on('error', () => {})
}

const toLetter = ({ id, data, finishedOn, failedReason }: Job<Entry>): DeadLetter => ({
  imageId: id!,
  jobId: data.jobId,
  failedAt: finishedOn ?? 0,
  reason: readReason(failedReason),
})

/** As workers write it; BullMQ has a sentence of its own for an image whose workers vanished. */
function readReason(text: string): ErrorRecord {
  try {
    const { code, message } = JSON.parse(text) as Record<string, unknown>
    if (errorCodes.includes(code as ErrorCode) && typeof message === 'string')
      return { code: code as ErrorCode, message }
  } catch {
    // No worker wrote it.
  }
  const message = `Every worker that drew this picture ended in the middle of it (${text}). Try a smaller picture, or look what ended them.`
  return { code: 'engine-crashed', message }
}
