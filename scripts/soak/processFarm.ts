import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openFarm } from '../../src/studio/farm/farm.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio, type Studio } from '../../src/studio/studio.ts'

/** A studio with a Redis of its own, and workers as processes of this machine whose engine paints gradients. */
export interface ProcessFarm {
  studio: Studio
  dataFolder: string
  redis: string
  workers: ChildProcess[]
  /** Settles when the worker is ready. */
  addWorker(): Promise<void>
  close(): Promise<void>
}

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../tests/studio/fixtures/${name}`, import.meta.url))

export async function openProcessFarm(): Promise<ProcessFarm> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'latent-studio-farm-'))
  const redis = join(dataFolder, 'redis.sock')
  const keepsNothing = ['--port', '0', '--unixsocket', redis, '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', keepsNothing, { stdio: 'ignore' })
  while (!existsSync(redis)) await wait(20)
  const farm = openFarm({ redis, dataFolder, isKey: async () => true })
  const studio = await openStudio({ dataFolder, enginePath: fixture('engine.ts'), farm })
  const { address, close } = await startServer({ studio, farm: farm.answer })
  const workers: ChildProcess[] = []
  let added = 0

  return {
    ...{ studio, dataFolder, redis, workers },
    async addWorker() {
      const name = `worker-${++added}`
      const folder = join(dataFolder, name)
      const given = { studio: new URL(address).origin, key: 'any', redis, name, folder }
      const args = Object.entries(given).flatMap(([option, value]) => [`--${option}`, value])
      const stdio: ['ignore', 'ignore', 'ignore', 'ipc'] = ['ignore', 'ignore', 'ignore', 'ipc']
      const worker = fork(fixture('farmWorkerProcess.ts'), args, { stdio })
      await once(worker, 'message')
      workers.push(worker)
    },
    async close() {
      for (const worker of workers) worker.kill('SIGKILL')
      await close()
      await studio.close()
      await farm.close()
      server.kill()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

/** Ms until all jobs have ended that were begun; `begin` answers how many. */
export async function timeOf(studio: Studio, begin: (studio: Studio) => Promise<number>): Promise<number> {
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
