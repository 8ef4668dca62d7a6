import type { Status } from '../../../shared/calls/contract.ts'
import type { Job, QueueTimes } from '../../../shared/queue/jobs.ts'
import { isDrawn, type ResolvedRequest } from '../../../shared/request/request.ts'
import type { History } from '../../history/history.ts'
import { isLocked } from '../../history/database/whenUnlocked.ts'
import { estimateTime, expectedTimes, type ExpectedTimes } from './estimateTime.ts'

/** Pictures that a model made. */
export type MadeBefore = Parameters<typeof expectedTimes>[1]

export interface PastTimes {
  /** Those that the model of a request made where it would run, newest first; none while the history is locked. */
  of(request: ResolvedRequest): MadeBefore
  expected(request: ResolvedRequest): ExpectedTimes | null
  /** What the jobs that wait will take. */
  ofQueue(jobs: readonly Job[]): QueueTimes
}

/** What the time of the next picture is learnt from. */
export const newestPictures = { search: '', cursor: null, limit: 100, trashed: false }
/** Jobs whose times are told one by one. */
const mostTold = 200

export function openPastTimes(history: History, lastDevice: () => Status['device']): PastTimes {
  function newest() {
    try {
      return history.page(newestPictures).items
    } catch (error) {
      if (isLocked(error)) return []
      throw error
    }
  }
  const among = (pictures: ReturnType<typeof newest>, request: ResolvedRequest): MadeBefore => {
    const device = request.device === 'auto' ? (lastDevice() ?? 'cpu') : request.device
    return pictures.filter((picture) => picture.model.id === request.model && picture.device === device)
  }

  return {
    of: (request) => among(newest(), request),
    expected: (request) => (isDrawn(request) ? expectedTimes(request, among(newest(), request)) : null),
    ofQueue(jobs) {
      const pictures = newest()
      const times = jobs.map(({ id, request }) => ({
        id,
        timeMs: isDrawn(request) ? estimateTime(request, among(pictures, request)) : null,
      }))
      return {
        jobs: times.slice(0, mostTold),
        waitingMs: times.reduce((sum, { timeMs }) => sum + (timeMs ?? 0), 0),
        unknown: times.filter(({ timeMs }) => timeMs === null).length,
      }
    },
  }
}
