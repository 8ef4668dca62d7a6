import { DelayedError, UnrecoverableError, type Job } from 'bullmq'
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { EngineImage } from '../../../shared/engine/engineContract.ts'
import { StudioError, toErrorRecord, type ErrorCode } from '../../../shared/errors.ts'
import { encodePng } from '../../pictures/images.ts'
import type { Entry } from '../farmQueue.ts'
import type { FarmTask } from '../farmTask.ts'
import type { TakeAnswer } from '../wire.ts'
import { drawImage, type DrawParts } from './drawImage.ts'
import { createReporter } from './reporter.ts'
import type { StudioLink } from './studioLink.ts'

export interface EntryParts extends DrawParts {
  /** The worker's. */
  name: string
  /** Whether the worker is ending. */
  closing: AbortSignal
  /** Those of its engine. */
  versions: { engineVersion: string; onnxRuntimeVersion: string }
}

/** When an image that this worker is not to have now is offered again, in ms. */
const laterMs = 1000
/** How long a finished picture is offered to a studio that is away, and the pause between in ms. */
const deliveryMs = 600_000
const deliveryPauseMs = 1000

/** What another worker, or the same one later, may do better; all else fails there the same way. */
const worthAnother: readonly ErrorCode[] = [
  'out-of-memory',
  'card-too-small',
  'engine-crashed',
  'device-unavailable',
  'disk-full',
  'read-only',
  'bad-download',
  'unreachable',
  'not-found',
  'internal',
]

/**
 * Draws the image of an entry and brings its picture. What it throws tells what becomes of the entry.
 * @param drawn hears that the engine is done with it, while the picture is still to be brought
 */
export async function drawEntry(
  job: Job<Entry>,
  token: string,
  parts: EntryParts,
  drawn: () => void,
): Promise<void> {
  const { studio, name: worker, closing, versions } = parts
  const at = `/farm/images/${job.id}`
  const answer = await take(at, parts)
  if (answer === 'nobody waits') return
  if ('later' in answer) return putOff(job, token)
  const stop = new AbortController()
  const reporter = createReporter(
    (head, bytes) => studio.post(`${at}/progress`, { worker, ...head }, bytes),
    stop,
  )
  try {
    const told = { told: reporter, signal: AbortSignal.any([stop.signal, closing]) }
    const image = await drawImage(answer.task, parts, told)
    drawn()
    await deliver(image, at, studio, { worker, ...versions })
  } catch (error) {
    if (closing.aborted) return putOff(job, token)
    if (stop.signal.aborted) return void (await studio.post(`${at}/stopped`, { worker }).catch(() => {}))
    throw toEntryError(error)
  } finally {
    reporter.end()
  }
}

/** Asks for an image; while the studio is away it is for later. */
async function take(
  at: string,
  { studio, name: worker }: EntryParts,
): Promise<TakeAnswer<FarmTask> | 'nobody waits'> {
  try {
    return await studio.post<TakeAnswer<FarmTask>>(`${at}/take`, { worker })
  } catch (error) {
    const { code, message } = toErrorRecord(error)
    if (code === 'not-found') return 'nobody waits'
    if (code === 'unreachable') return { later: message }
    throw toEntryError(error)
  }
}

/** Puts an entry back, for this worker later or another one soon. */
async function putOff(job: Job<Entry>, token: string): Promise<never> {
  await job.moveToDelayed(Date.now() + laterMs, token)
  throw new DelayedError()
}

function toEntryError(error: unknown): Error {
  const record = toErrorRecord(error)
  const reason = JSON.stringify(record)
  return worthAnother.includes(record.code) ? new Error(reason) : new UnrecoverableError(reason)
}

/** Brings a picture, to a studio that is away once it is back. That nobody waits for it any more is no failure. */
async function deliver(
  { pixels, jobId: _, ...image }: EngineImage,
  at: string,
  studio: StudioLink,
  drawnBy: { worker: string; engineVersion: string; onnxRuntimeVersion: string },
): Promise<void> {
  const png = await encodePng(pixels)
  const sha256 = createHash('sha256').update(png).digest('hex')
  const head = { ...drawnBy, ...image, sha256, width: pixels.width, height: pixels.height }
  for (const until = Date.now() + deliveryMs; ; await wait(deliveryPauseMs)) {
    try {
      return void (await studio.post(`${at}/picture`, head, png))
    } catch (error) {
      const { code } = toErrorRecord(error)
      if (code === 'not-found') return
      if (code !== 'unreachable' || Date.now() > until || !(error instanceof StudioError)) throw error
    }
  }
}
