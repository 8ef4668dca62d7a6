import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { openFarm } from '../../src/studio/farm/farm.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'

/**
 * `npm run bench -- farm [JOBS]`: workers as processes of this machine, whose engine sleeps 100 ms a step instead of
 * computing; then JOBS tiny jobs (200) with a worker killed every 5 s. Needs redis-server.
 */
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../tests/studio/fixtures/${name}`, import.meta.url))
const jobs = Number(process.argv[3] ?? 200)
const folder = mkdtempSync(join(tmpdir(), 'latent-studio-farm-'))
const redis = join(folder, 'redis.sock')
const server = spawn(
  'redis-server',
  ['--port', '0', '--unixsocket', redis, '--save', '', '--appendonly', 'no'],
  {
    stdio: 'ignore',
  },
)
while (!existsSync(redis)) await wait(20)
const farm = openFarm({ redis, dataFolder: folder, isKey: async () => true })
const studio = await openStudio({ dataFolder: folder, enginePath: fixture('engine.ts'), farm })
const { address, close } = await startServer({ studio, farm: farm.answer })
const workers: ChildProcess[] = []
let added = 0

async function addWorker(): Promise<void> {
  const name = `worker-${++added}`
  const given = { studio: new URL(address).origin, key: 'any', redis, name, folder: join(folder, name) }
  const args = Object.entries(given).flatMap(([option, value]) => [`--${option}`, value])
  const worker = fork(fixture('farmWorkerProcess.ts'), args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  await once(worker, 'message')
  workers.push(worker)
}

/** Ms until all jobs have ended that were begun. */
async function timeOf(begin: (studio: Studio) => Promise<number>): Promise<number> {
  const began = performance.now()
  const { promise, resolve } = Promise.withResolvers<void>()
  let open = Infinity
  let ended = 0
  const unsubscribe = studio.subscribe({
    jobChanged: ({ finishedAt }) => void (finishedAt !== null && ++ended >= open && resolve()),
  })
  open = await begin(studio)
  if (ended >= open) resolve()
  await promise
  unsubscribe()
  return performance.now() - began
}

const waitingBatch = (images: number) => async (asked: Studio) => {
  await asked.calls.enqueue({ prompt: 'slow', steps: 5, width: 64, height: 64, batchSize: images })
  return 1
}
const tinyJobs = (count: number) => async (asked: Studio) => {
  for (let job = 0; job < count; job++)
    await asked.calls.enqueue({ prompt: `tiny ${job}`, steps: 1, width: 64, height: 64 })
  return count
}
const load = (): string => `load ${loadavg()[0].toFixed(1)}`

await addWorker()
await timeOf(waitingBatch(1))
/** A picture of 5 steps sleeps six times: before the first and after each. */
const sleeps = 600
let alone = 0
for (const count of [1, 2, 4]) {
  while (workers.length < count) await addWorker()
  const images = 8 * count
  // New workers fetch the model with their first image.
  await timeOf(waitingBatch(3 * count))
  const each = (await timeOf(waitingBatch(images))) / images
  if (count === 1) alone = each
  console.log(
    `${count} workers: ${each.toFixed(0)} ms a picture, ${(alone / each / count).toFixed(2)} n; around the sleeping ${(each * count - sleeps).toFixed(0)} ms (${load()})`,
  )
}
const tiny = await timeOf(tinyJobs(100))
console.log(`100 tiny jobs on 4 workers: ${(tiny / 100).toFixed(1)} ms each (${load()})`)

let killed = 0
const killing = setInterval(() => {
  workers.shift()?.kill('SIGKILL')
  killed++
  void addWorker()
}, 5000)
const before = (await studio.calls.history({})).total
const took = await timeOf(tinyJobs(jobs))
clearInterval(killing)
const drawn = (await studio.calls.history({})).total - before
const failed = (await studio.calls.jobs({ limit: 500 })).filter(({ state }) => state === 'failed').length
console.log(
  `${jobs} tiny jobs, ${killed} workers killed: ${drawn} pictures, ${failed} failed jobs, ${(took / jobs).toFixed(1)} ms each (${load()})`,
)
const client = new Redis(redis)
console.log(`Redis afterwards: ${/used_memory_human:(\S+)/.exec(await client.info('memory'))![1]}`)
client.disconnect()
for (const worker of workers) worker.kill('SIGKILL')
await close()
await studio.close()
await farm.close()
server.kill()
rmSync(folder, { recursive: true, force: true })
process.exit()
