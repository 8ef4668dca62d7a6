import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Channel } from '../../src/shared/calls/channel.ts'
import type { StudioCalls } from '../../src/shared/calls/contract.ts'
import { connect } from '../../src/shared/calls/rpc.ts'
import type { Progress } from '../../src/shared/queue/jobs.ts'
import { serveChannel } from '../../src/studio/server/serveChannel.ts'
import { webSocketChannel } from '../../src/studio/server/webSocketChannel.ts'
import { hasEnded, openTestStudio, untilJob } from './fixtures/testStudio.ts'

/** Both ways to a window: what is told on one side is heard on the other. */
const channels = { 'a WebSocket': webSockets, 'a port, as of Electron': ports }

async function webSockets(): Promise<[Channel, Channel]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => near.terminate())
  const [far] = (await once(server, 'connection')) as [WebSocket]
  await once(near, 'open')
  return [webSocketChannel(near), webSocketChannel(far)]
}

function ports(): Promise<[Channel, Channel]> {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const channel = (port: MessagePort): Channel => ({
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  })
  return Promise.resolve([channel(port1), channel(port2)])
}

/** A window that takes what it is told of progress only when it is let. */
async function openSlowWindow(open: () => Promise<[Channel, Channel]>) {
  const studio = await openTestStudio()
  const [near, far] = await open()
  serveChannel(studio, far)
  const heard: Progress[] = []
  let take = (): void => {}
  const taken = new Promise<void>((resolve) => (take = resolve))
  const progress = (_jobId: string, told: Progress): Promise<void> => {
    heard.push(told)
    return taken
  }
  const calls = connect<StudioCalls>(near, { progress })
  return { studio, calls, heard, take }
}

it.each(Object.entries(channels))(
  'over %s, a window that was slow hears the newest alone',
  async (_, open) => {
    const { studio, calls, heard, take } = await openSlowWindow(open)
    const last = Promise.withResolvers<Progress>()
    studio.subscribe({
      progress: (_jobId, told) => told.step === 1 && told.previewUrl?.endsWith('/2') && last.resolve(told),
    })
    const { id } = await calls.enqueue({ prompt: 'endless', steps: 5 })
    const newest = await last.promise
    await calls.status()
    expect(heard.map(({ phase }) => phase)).toEqual(['starting'])
    take()
    await expect.poll(() => heard.slice(1)).toEqual([newest])
    await calls.cancel(id)
    await untilJob(studio, id, hasEnded)
  },
)

it.each(Object.entries(channels))('over %s, nothing is told of a job that has ended', async (_, open) => {
  const { studio, calls, heard, take } = await openSlowWindow(open)
  const first = await calls.enqueue({ prompt: 'x', steps: 3 })
  await untilJob(studio, first.id, hasEnded)
  await calls.status()
  expect(heard).toHaveLength(1)
  take()
  const second = await calls.enqueue({ prompt: 'y', steps: 3, batchSize: 2 })
  await untilJob(studio, second.id, hasEnded)
  await calls.status()
  expect(heard.slice(1).every(({ images }) => images === 2)).toBe(true)
})
