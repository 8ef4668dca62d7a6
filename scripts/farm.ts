/**
 * `npm run farm`: a studio, a Redis of its own that keeps nothing, and workers, all on this machine until it is ended.
 *
 *   npm run farm                      two workers
 *   npm run farm -- N [OPTION…]       N workers; options are those of `studio serve`
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { addApiKey, apiKeys, revokeApiKey } from '../src/studio/api/apiKeys.ts'
import { defaultDataFolder } from '../src/studio/paths.ts'
import { buildIfStale, root } from './build.ts'
import { hasRedis } from './redis.ts'

const [first = '2', ...rest] = process.argv.slice(2)
const count = Number(first)
if (!Number.isInteger(count) || count < 1) {
  console.error(`How many workers? A whole number from 1 on was expected, found "${first}".`)
  process.exit(2)
}
if (!hasRedis()) {
  console.error('redis-server is not installed; on Debian: apt-get install redis-server')
  process.exit(1)
}
buildIfStale()

const folder = mkdtempSync(path.join(tmpdir(), 'latent-studio-farm-'))
const redis = path.join(folder, 'redis.sock')
const given = rest.indexOf('--data')
const dataFolder = path.resolve(given === -1 ? defaultDataFolder() : rest[given + 1])
const keyName = `farm ${process.pid}`
const children: ChildProcess[] = []
const program = (...args: string[]): ChildProcess => {
  const env = { ...process.env, LATENT_STUDIO_KEY: key }
  const child = spawn(process.execPath, [path.join(root, 'src', 'cli', args[0] + '.ts'), ...args.slice(1)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  })
  children.push(child)
  return child
}

const keepsNothing = [
  '--port',
  '0',
  '--unixsocket',
  redis,
  '--save',
  '',
  '--appendonly',
  'no',
  '--dir',
  folder,
]
children.push(spawn('redis-server', keepsNothing, { stdio: 'ignore' }))
while (!existsSync(redis)) await wait(50)
const key = await addApiKey(dataFolder, keyName, { scopes: ['work'] })

const studio = program('serve', '--farm', redis, ...rest)
const address = await addressOf(studio)
console.log(address)
for (let number = 1; number <= count; number++) {
  const files = path.join(folder, `worker-${number}`)
  const where = ['--studio', new URL(address).origin, '--redis', redis, '--folder', files]
  program('worker', ...where, '--name', `worker-${number}`).stdout!.on('data', (said) =>
    process.stdout.write(String(said)),
  )
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
await once(studio, 'exit')
await end()

async function addressOf(serving: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: serving.stdout! })) if (/^https?:/.test(line)) return line
  throw new Error('The studio ended before it was ready.')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function end(): Promise<void> {
  for (const child of children.toReversed()) child.kill('SIGTERM')
  await Promise.all(children.map(ended))
  for (const { id, name } of await apiKeys(dataFolder))
    if (name === keyName) await revokeApiKey(dataFolder, id)
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}
