import { z } from 'zod'
import type { StudioEvents } from '../../../shared/calls/contract.ts'
import type { Studio } from '../../studio.ts'
import { jobBody, jobSchema, pictureBody, pictureSchema } from './schemas.ts'

/** What is told of, and with what. */
export const eventSchemas = {
  job: jobSchema,
  jobDismissed: z.object({ id: z.string() }),
  progress: z.object({
    jobId: z.string(),
    image: z.number(),
    images: z.number(),
    step: z.number(),
    steps: z.number(),
  }),
  picture: pictureSchema,
  libraryChanged: z.object({}),
  modelsChanged: z.object({}),
}
export type EventType = keyof typeof eventSchemas

/** An event as it is kept for those that come back; `id` is the one to come back with. */
export interface FeedEvent {
  id: string
  type: EventType | 'missed'
  data: unknown
}

export interface EventFeed {
  /**
   * Hears all events from now on; before, those that came after the one of an id, or that some were missed: then the lists are
   * asked for anew. Answers what ends it.
   */
  listen(after: string | null, hear: (event: FeedEvent) => void): () => void
  close(): void
}

const mostKept = 1000

/** One listener of the studio for all that listen here. */
export function createEventFeed(studio: Studio): EventFeed {
  const listeners = new Set<(event: FeedEvent) => void>()
  const kept: FeedEvent[] = []
  // Ids of another run of the server say nothing here.
  const run = Date.now().toString(36)
  let count = 0
  function tell(type: EventType, data: unknown): void {
    const event = { id: `${run}-${++count}`, type, data }
    kept.push(event)
    if (kept.length > mostKept) kept.shift()
    for (const hear of listeners) hear(event)
  }
  const told: Partial<StudioEvents> = {
    jobChanged: (job) => tell('job', jobBody(job)),
    jobDismissed: (id) => tell('jobDismissed', { id }),
    progress: (jobId, { image, images, step, steps }) =>
      tell('progress', { jobId, image, images, step, steps }),
    imageAdded: (image) => tell('picture', pictureBody(image)),
    historyChanged: () => tell('libraryChanged', {}),
    modelsChanged: () => tell('modelsChanged', {}),
  }
  const close = studio.subscribe(told)
  return {
    close,
    listen(after, hear) {
      const at = kept.findIndex(({ id }) => id === after)
      if (after !== null && at < 0 && after !== `${run}-${count}`)
        hear({ id: `${run}-${count}`, type: 'missed', data: {} })
      if (at >= 0) kept.slice(at + 1).forEach(hear)
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
  }
}
