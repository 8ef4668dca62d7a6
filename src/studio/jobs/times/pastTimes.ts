import type { Status } from '../../../shared/calls/contract.ts'
import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Job, QueueTimes } from '../../../shared/queue/jobs.ts'
import { isDrawn, type ResolvedRequest } from '../../../shared/request/request.ts'
import type { History } from '../../history/history.ts'
import { isLocked } from '../../history/database/whenUnlocked.ts'
import { enlargings, enlargingTime, type Enlarging, type UpscalerWorks } from './enlargingTime.ts'
import { estimateTime, expectedTimes, type ExpectedTimes } from './estimateTime.ts'

export interface PastTimes {
  /** What networks that enlarge have to do, as far as they were looked into. */
  upscalerWorks: UpscalerWorks
  /** What each picture of a request will take; null where nothing like it was made, or while the history is locked. */
  expected(request: ResolvedRequest): ExpectedTimes | null
  /** All pictures of each request, in ms; of those that only enlarge too. */
  times(requests: readonly ResolvedRequest[]): (number | null)[]
  /** Enlarging alone, in ms, on the device that a request would run on. */
  enlarging(all: readonly Enlarging[], wanted: ResolvedRequest['device']): number | null
  /** What the jobs that wait will take. */
  ofQueue(jobs: readonly Job[]): QueueTimes
}

/** What the time of the next picture is learnt from. */
export const newestPictures = { search: '', cursor: null, limit: 100, trashed: false }
/** What that of enlarging is. */
const enlargedPictures = { ...newestPictures, search: 'source:upscale', limit: 20 }
/** Jobs whose times are told one by one. */
const mostTold = 200

export function openPastTimes(history: History, lastDevice: () => Status['device']): PastTimes {
  const works: UpscalerWorks = new Map()

  function page(query: typeof newestPictures): ImageRecord[] {
    try {
      return history.page(query).items
    } catch (error) {
      if (isLocked(error)) return []
      throw error
    }
  }

  /** The pictures of now: of a whole queue they are looked up once. */
  function learn() {
    const newest = page(newestPictures)
    let enlarged: ImageRecord[] | null = null
    const deviceOf = (wanted: ResolvedRequest['device']): ImageRecord['device'] =>
      wanted === 'auto' ? (lastDevice() ?? 'cpu') : wanted

    function enlarging(all: readonly Enlarging[], wanted: ResolvedRequest['device']): number | null {
      if (all.length === 0) return 0
      const device = deviceOf(wanted)
      enlarged ??= page(enlargedPictures)
      const before = enlarged.filter((picture) => picture.device === device && !picture.imported)
      return enlargingTime(all, works, before, device)
    }
    const ofRequest = (request: ResolvedRequest): number | null =>
      enlarging(enlargings(request, sizeBefore(request, history)), request.device)
    const among = (request: ResolvedRequest): ImageRecord[] => {
      const device = deviceOf(request.device)
      return newest.filter((picture) => picture.model.id === request.model && picture.device === device)
    }

    return {
      enlarging,
      expected(request: ResolvedRequest): ExpectedTimes | null {
        if (isDrawn(request)) return expectedTimes(request, among(request), ofRequest)
        const enlarge = request.upscaleOf ? ofRequest(request) : null
        return enlarge === null ? null : { draw: 0, enlarge, rest: 0 }
      },
      time(request: ResolvedRequest): number | null {
        if (isDrawn(request)) return estimateTime(request, among(request), ofRequest)
        return request.upscaleOf ? ofRequest(request) : null
      },
    }
  }

  return {
    upscalerWorks: works,
    expected: (request) => learn().expected(request),
    times: (requests) => requests.map(learn().time),
    enlarging: (all, wanted) => learn().enlarging(all, wanted),
    ofQueue(jobs) {
      const { time } = learn()
      const times = jobs.map(({ id, request }) => ({ id, timeMs: time(request) }))
      return {
        jobs: times.slice(0, mostTold),
        waitingMs: times.reduce((sum, { timeMs }) => sum + (timeMs ?? 0), 0),
        unknown: times.filter(({ timeMs }) => timeMs === null).length,
      }
    },
  }
}

/** The size of what a request upscales: of the picture that it enlarges, as the history knows it, or of what it draws. */
function sizeBefore(
  request: ResolvedRequest,
  history: History,
): { width: number; height: number } | undefined {
  const imageId = request.upscaleOf?.imageId ?? null
  if (imageId === null) return undefined
  try {
    return history.image(imageId)
  } catch {
    // It is gone for good, or the history is locked.
    return undefined
  }
}
