import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import type { StudioCalls } from '../../src/shared/calls/contract.ts'
import { connect } from '../../src/shared/calls/rpc.ts'
import { addApiKey } from '../../src/studio/api/apiKeys.ts'
import { findNodeBinary } from '../../src/studio/paths.ts'
import { webSocketChannel } from '../../src/studio/server/webSocketChannel.ts'

/**
 * A served studio in a process of its own under 200 requests of its status a second and 500 open streams of events: how long
 * those take, and a window's calls beside them; at rest, and while the starter draws.
 */

const streams = 500
const perSecond = 200
const seconds = 10

const dataFolder = mkdtempSync(join(tmpdir(), 'latent-studio-bench-'))
const key = await addApiKey(dataFolder, 'bench')
const serve = fileURLToPath(new URL('../../src/cli/serve.ts', import.meta.url))
const server = spawn(findNodeBinary(), [serve, '--api', '--data', dataFolder], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const [address] = (await once(createInterface(server.stdout), 'line')) as [string]
  await measure(new URL(address))
} finally {
  server.kill()
  await once(server, 'close')
  rmSync(dataFolder, { recursive: true, force: true })
}

async function measure(address: URL): Promise<void> {
  const window = await openWindow(address)
  const heard = await openStreams(address.origin)
  console.log(`${streams} streams of events are open`)
  for (const isDrawing of [false, true]) {
    if (isDrawing)
      for (let count = 0; count < 3; count++)
        await window.enqueue({ prompt: 'a house', steps: 100, batchSize: 8 })
    const before = heard.bytes
    const processorBefore = processorMs()
    const [status, calls] = await Promise.all([askStatus(address.origin), callWindow(window)])
    console.log(isDrawing ? '\nwhile it draws' : '\nat rest')
    console.log(`  status, ${perSecond} a second: ${told(status)}`)
    console.log(`  the window's calls:       ${told(calls)}`)
    console.log(`  events sent to all:       ${Math.round((heard.bytes - before) / 1024)} KiB`)
    const share = (processorMs() - processorBefore) / (seconds * 10)
    if (share > 0) console.log(`  the server's processor:   ${Math.round(share)} % of a core`)
    if (isDrawing) await window.cancelAll()
  }
}

/** A window's calls, over the socket that a browser would have. */
async function openWindow({ origin, href }: URL): Promise<StudioCalls> {
  const answer = await fetch(href, { redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { origin, cookie } })
  await once(socket, 'open')
  return connect<StudioCalls>(webSocketChannel(socket), {}, [])
}

async function openStreams(origin: string): Promise<{ bytes: number }> {
  const heard = { bytes: 0 }
  const agent = new Agent({ maxSockets: Infinity })
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}` }
      get(`${origin}/api/v1/events`, { agent, headers }, (answer: IncomingMessage) => {
        answer.on('data', (bytes: Buffer) => {
          heard.bytes += bytes.length
          resolve()
        })
        answer.on('error', () => {})
      }).on('error', reject)
    })
  for (let count = 0; count < streams; count += 50) await Promise.all(Array.from({ length: 50 }, open))
  return heard
}

/** Processor time of the server, in ms; 0 where the system does not tell. */
function processorMs(): number {
  const path = `/proc/${server.pid}/stat`
  if (!existsSync(path)) return 0
  const fields = readFileSync(path, 'utf8').split(') ')[1].split(' ')
  // Ticks of a hundredth of a second, of the program and of the system for it.
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Ms of each of the requests, which begin at even times however long the ones before take. */
async function askStatus(origin: string): Promise<number[]> {
  const asked: Promise<number>[] = []
  const began = performance.now()
  for (let count = 0; count < perSecond * seconds; count++) {
    await wait(Math.max(0, began + (count * 1000) / perSecond - performance.now()))
    asked.push(
      timed(async () => {
        const answer = await fetch(`${origin}/api/v1/status`, { headers: { authorization: `Bearer ${key}` } })
        if (!answer.ok) throw new Error(`The status was answered with ${answer.status}.`)
        await answer.arrayBuffer()
      }),
    )
  }
  return Promise.all(asked)
}

async function callWindow(window: StudioCalls): Promise<number[]> {
  const took: number[] = []
  const end = performance.now() + seconds * 1000
  const calls = [
    () => window.status(),
    () => window.jobs(),
    () => window.history({ limit: 60 }),
    () => window.settings(),
  ]
  while (performance.now() < end) {
    took.push(await timed(calls[took.length % calls.length]))
    await wait(50)
  }
  return took
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function told(took: readonly number[]): string {
  const inOrder = [...took].sort((one, other) => one - other)
  const at = (share: number): string => inOrder[Math.floor(share * (inOrder.length - 1))].toFixed(1)
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms (${took.length} calls)`
}
