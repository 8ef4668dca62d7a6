import type { StudioCalls, StudioEvents } from '../shared/calls/contract.ts'
import type { Channel } from '../shared/calls/channel.ts'
import { StudioError, toErrorRecord } from '../shared/errors.ts'
import { connect, type Remote } from '../shared/calls/rpc.ts'

let connected: Remote<StudioCalls> | null = null

/** The studio's calls, over whichever channel is open now; each fails with `disconnected` while none is. */
export const studio = new Proxy({} as Remote<StudioCalls>, {
  get:
    (_, name: keyof StudioCalls) =>
    (...args: unknown[]) => {
      const call = connected?.[name] as ((...args: unknown[]) => Promise<unknown>) | undefined
      return call
        ? call(...args)
        : Promise.reject(new StudioError('disconnected', 'The studio is not connected.'))
    },
})

/** Where the studio is, and who waits for it. */
export interface Way {
  open(): Promise<Channel>
  /** Hears `focus` and `online`: somebody is back, and waits no longer. */
  attention: EventTarget
}

interface Listeners {
  events: StudioEvents
  /** Called after every (re)connection: the moment to ask for the lists again. */
  onConnected(): void
  /** `isRefused`: it answers, and does not let this page in. */
  onLost(isRefused: boolean): void
}

const firstPause = 250
const longestPause = 5000

/** Keeps a channel to the studio open for as long as the page lives, trying again with growing pauses. */
export async function stayConnected(
  { open, attention }: Way,
  { events, onConnected, onLost }: Listeners,
): Promise<never> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    let isRefused = false
    try {
      const channel = await open()
      const closed = new Promise<void>((resolve) => channel.onClose(resolve))
      connected = connect<StudioCalls>(channel, events)
      pause = firstPause
      onConnected()
      await closed
    } catch (error) {
      // nobody answers yet, or lets this page in: the pause below, then once more
      isRefused = toErrorRecord(error).code === 'forbidden'
    }
    connected = null
    onLost(isRefused)
    await pauseOr(attention, pause)
  }
}

/** Waits, but not once the person comes back to the page or the network does. */
function pauseOr(attention: EventTarget, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      attention.removeEventListener('focus', done)
      attention.removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    attention.addEventListener('focus', done)
    attention.addEventListener('online', done)
  })
}
