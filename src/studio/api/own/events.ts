import { z } from 'zod'
import type { WebSocket } from 'ws'
import { securityHeaders } from '../../server/securityHeaders.ts'
import { eventSchemas, type EventFeed, type EventType, type FeedEvent } from './eventFeed.ts'
import { operation, type Operation, type Parts } from './operation.ts'

const eventTypes = Object.keys(eventSchemas) as EventType[]

const query = z.strictObject({
  types: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(eventTypes)))
    .optional()
    .describe(`Only events of these types, with commas between: ${eventTypes.join(', ')}.`),
  after: z
    .string()
    .max(100)
    .optional()
    .describe('The id of the last event that was heard, for who cannot send Last-Event-ID.'),
})

export const eventOperations: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/events',
    name: 'hearEvents',
    summary:
      'Server-sent events: each has an id, a type, and JSON as in the schemas of the same name. With Last-Event-ID those that were missed come first; "missed" says that not all are kept, and the lists are asked for anew.',
    scopes: ['read'],
    query,
    answered: {
      status: 200,
      type: 'text/event-stream',
      description: 'Events, for as long as they are heard.',
    },
    async run({ feed, gate }, { request, query: { types, after } }) {
      const last = request.headers.get('last-event-id') ?? after ?? null
      const isOpen = (): Promise<boolean> => gate.isOpen(request, ['read'])
      return new Response(stream(feed, { last, hears: isHeard(types), isOpen }), {
        headers: { ...securityHeaders, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
      })
    },
  }),
]

const isHeard =
  (types: readonly string[] | undefined) =>
  ({ type }: FeedEvent): boolean =>
    !types || type === 'missed' || types.includes(type)

const encoder = new TextEncoder()
const beat = encoder.encode(': still here\n\n')
const beatMs = 15_000
/** Bytes that may wait for who listens; one who is further behind is let go, and comes back with the last id. */
const mostUnread = 2 ** 20

/** An event's bytes are the same for all. */
const frames = new WeakMap<FeedEvent, Uint8Array>()
function frameOf(event: FeedEvent): Uint8Array {
  const known = frames.get(event)
  if (known) return known
  const { id, type, data } = event
  const frame = encoder.encode(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
  frames.set(event, frame)
  return frame
}

interface Hearing {
  /** The id of the last event that was heard. */
  last: string | null
  hears: (event: FeedEvent) => boolean
  /** Whether who listens still may. */
  isOpen: () => Promise<boolean>
}

function stream(feed: EventFeed, { last, hears, isOpen }: Hearing): ReadableStream {
  let end = (): void => {}
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let ended = false
        let unlisten = (): void => {}
        const close = (): void => {
          if (ended) return
          end()
          controller.close()
        }
        // Who listens may go while it is asked whether it may still, or be let go in the middle of what it missed.
        const send = (bytes: Uint8Array): void => {
          if (ended) return
          controller.enqueue(bytes)
          if ((controller.desiredSize ?? 0) <= 0) close()
        }
        const beating = setInterval(() => {
          void isOpen().then((open) => (open ? send(beat) : close()), close)
        }, beatMs).unref()
        end = () => {
          ended = true
          clearInterval(beating)
          unlisten()
        }
        // Headers are sent with the first bytes.
        send(beat)
        unlisten = feed.listen(last, (event) => hears(event) && send(frameOf(event)))
        if (ended) unlisten()
      },
      cancel: () => end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: mostUnread }),
  )
}

/** The same events as JSON messages `{ id, type, data }` over a WebSocket. */
export function sendEvents({ feed, gate }: Parts, socket: WebSocket, request: Request): void {
  const { data = {} } = query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  const hears = isHeard(data.types)
  const unlisten = feed.listen(data.after ?? null, (event) => {
    if (socket.bufferedAmount > mostUnread) socket.terminate()
    else if (hears(event)) socket.send(JSON.stringify(event))
  })
  const beating = setInterval(() => {
    void gate.isOpen(request, ['read']).then(
      (open) => (open ? socket.ping() : socket.terminate()),
      () => socket.terminate(),
    )
  }, beatMs).unref()
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(beating)
    unlisten()
  })
}
