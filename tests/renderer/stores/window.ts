import { createPinia, setActivePinia } from 'pinia'
import { onTestFinished, vi } from 'vitest'
import type { StudioEvents } from '../../../src/shared/calls/contract.ts'
import type { Channel } from '../../../src/shared/calls/channel.ts'
import { StudioError } from '../../../src/shared/errors.ts'
import { serveChannel } from '../../../src/studio/server/serveChannel.ts'
import type { Studio } from '../../../src/studio/studio.ts'
import { useConnection } from '../../../src/renderer/stores/connection.ts'
import { startStudio } from '../../../src/renderer/wiring.ts'
import { openTestStudio } from '../../studio/fixtures/testStudio.ts'

type Listener = (message: unknown) => void

/** One end of a pipe: what it is told to send goes through `send`, as JSON, as over a socket. */
function end(send: Listener) {
  const listeners: Listener[] = []
  const closing: (() => void)[] = []
  const channel: Channel = {
    post: (message) => send(JSON.parse(JSON.stringify(message))),
    onMessage: (listener) => void listeners.push(listener),
    onClose: (listener) => void closing.push(listener),
  }
  return {
    channel,
    hear: (message: unknown) => listeners.forEach((listener) => listener(message)),
    close: () => closing.splice(0).forEach((listener) => listener()),
  }
}

/** The stores of a window, wired to a studio of this process as the window is, over a line that can be held and cut. */
export async function openStores(studio?: Studio) {
  setActivePinia(createPinia())
  const served = studio ?? (await openTestStudio())
  const attention = new EventTarget()
  let close = (): void => {}
  let isOver = false
  let isDown = false
  /** What the studio has said while the line is held; null: it is not. */
  let held: unknown[] | null = null

  async function open(): Promise<Channel> {
    // A window that is gone asks for nothing any more.
    if (isOver) return new Promise(() => {})
    if (isDown) throw new StudioError('disconnected', 'The line is down.')
    let isCut = false
    const here = end((message) => queueMicrotask(() => !isCut && there.hear(message)))
    const there = end((message) => {
      if (held) held.push(message)
      else queueMicrotask(() => !isCut && here.hear(message))
    })
    say = here.hear
    close = () => {
      isCut = true
      held = null
      here.close()
      there.close()
    }
    serveChannel(served, there.channel)
    return here.channel
  }
  let say: Listener = () => {}
  onTestFinished(() => {
    isOver = true
    close()
  })

  // As the shell serves the window's files.
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (useConnection().state !== 'connected') throw new TypeError('fetch failed')
    return served.assets(new Request(new URL(path, 'http://studio'), init))
  })
  startStudio({ open, attention })
  await untilConnected()

  return {
    studio: served,
    /** Nothing that the studio says arrives, until it is let go. */
    hold: () => void (held = []),
    /** Waits until the studio has answered so many calls that were asked meanwhile. */
    untilAnswered: (calls = 1) => until(() => (held ?? []).filter(isAnswer).length >= calls),
    /** Waits until the studio has told of something so many times meanwhile. */
    untilTold: (event: keyof StudioEvents, times = 1) =>
      until(() => (held ?? []).filter((message) => (message as { m?: string }).m === event).length >= times),
    /** What was held arrives: events before the answers that were given before them, and of those the last one first. */
    letGoBackwards(): void {
      const said = held ?? []
      held = null
      const answers = said.filter(isAnswer).toReversed()
      for (const message of [...said.filter((one) => !isAnswer(one)), ...answers]) say(message)
    },
    /** The line is down until somebody comes back. */
    async cut(): Promise<void> {
      isDown = true
      close()
      await until(() => useConnection().state === 'lost')
    },
    /** Somebody is back at the window, which connects at once. */
    async comeBack(): Promise<void> {
      isDown = false
      attention.dispatchEvent(new Event('focus'))
      await untilConnected()
    },
  }
}

/** Waits for a state, however long the machine takes. */
export const until = async (isIt: () => unknown): Promise<void> => {
  await vi.waitUntil(isIt, { timeout: 60_000 })
}

const untilConnected = (): Promise<void> =>
  until(() => useConnection().state === 'connected' && useConnection().status !== null)

/** As birpc writes it; all else are events. */
const isAnswer = (message: unknown): boolean => (message as { t: string }).t === 's'
