import type { StudioCalls } from '../../shared/contract.ts'
import type { Events } from '../events.ts'
import type { Queue } from '../jobs/queue.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import type { Inputs } from '../pictures/inputs.ts'
import type { Database } from './database.ts'
import { emptyTrash } from './emptyTrash.ts'
import type { History } from './history.ts'
import { whenUnlocked } from './whenUnlocked.ts'

export interface HistoryParts {
  database: Database
  events: Events
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  queue: Queue
}

/** The calls about finished pictures. */
export function historyCalls({ events, history, imageFiles, inputs, queue, database }: HistoryParts) {
  const mark = async (ids: readonly string[], trashedAt: number | null): Promise<void> => {
    await whenUnlocked(() => history.setTrashed(ids, trashedAt))
    events.emit.historyChanged()
  }
  return {
    history: (query) =>
      whenUnlocked(() => history.page({ search: '', cursor: null, limit: 60, trashed: false, ...query })),
    image: (id) => whenUnlocked(() => history.image(id)),
    family: (id) => whenUnlocked(() => history.family(id)),
    trash: (ids) => mark(ids, Date.now()),
    restore: (ids) => mark(ids, null),
    async emptyTrash() {
      try {
        return await emptyTrash({ history, imageFiles, inputs, queue, database })
      } finally {
        events.emit.historyChanged()
      }
    },
  } satisfies Partial<StudioCalls>
}
