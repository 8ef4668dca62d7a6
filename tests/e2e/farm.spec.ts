import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/build.ts'
import { hasRedis } from '../../scripts/redis.ts'
import { openFarm } from '../../src/studio/farm/farm.ts'
import { studioAs } from '../../src/studio/jobs/queue/asking.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { openStudio } from '../../src/studio/studio.ts'
import { violations } from './axe.ts'
import { chooseLanguage, closeByEsc, expect, test } from './studio.ts'

const fixture = (name: string): string => path.join(root, 'tests', 'studio', 'fixtures', name)

test('the queue shows the workers of a farm and what they gave up', async ({ dataFolder, page, surface }) => {
  test.skip(surface !== 'browser' || !hasRedis(), 'a farm is served to browsers, and needs redis-server')
  const redis = path.join(dataFolder, 'redis.sock')
  const kept = ['--port', '0', '--unixsocket', redis, '--save', '', '--appendonly', 'no']
  const redisServer = spawn('redis-server', kept, { stdio: 'ignore' })
  await expect.poll(() => existsSync(redis)).toBe(true)
  const farm = openFarm({ redis, dataFolder, isKey: async () => true })
  const studio = await openStudio({ dataFolder, enginePath: fixture('engine.ts'), farm })
  const server = await startServer({ studio, farm: farm.answer })
  const given = {
    studio: new URL(server.address).origin,
    key: 'any',
    redis,
    name: 'attic',
    folder: dataFolder,
  }
  const args = Object.entries(given).flatMap(([option, value]) => [`--${option}`, value])
  const worker = fork(fixture('farmWorkerProcess.ts'), args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  try {
    await once(worker, 'message')
    const ada = studioAs(studio, { id: 'person:1', name: 'Ada' })
    await studio.calls.enqueue({ prompt: 'nan', steps: 3 })
    await ada.calls.enqueue({ prompt: 'endless', steps: 5 })

    await page.goto(server.address)
    await page.getByRole('button', { name: /^Queue/ }).click()
    const region = page.getByRole('region', { name: 'Farm' })
    await expect(region).toContainText('Draws “endless” since')
    await expect(region).toContainText(/\d+ model files/)
    await expect(page.getByRole('dialog', { name: 'Queue' })).toContainText('Ada')
    const letter = region.locator('[data-letter]')
    await expect(letter).toContainText('NaN')
    expect(await violations(page)).toEqual([])

    await region.getByRole('button', { name: 'Pause attic' }).press('Enter')
    await expect(region).toContainText('paused after it')
    await region.getByRole('button', { name: 'Let attic go on' }).press('Enter')
    await region.getByRole('button', { name: 'Discard: nan' }).press('Enter')
    await expect(letter).toHaveCount(0)

    redisServer.kill('SIGKILL')
    await expect(region).toContainText('Redis is away')
    await closeByEsc(page, region)
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await chooseLanguage(page, '中文')
    await closeByEsc(page, page.getByRole('dialog'))
    await page.getByRole('button', { name: /^队列/ }).click()
    await expect(page.getByRole('region', { name: '农场' })).toContainText('Redis 不在')
  } finally {
    worker.kill('SIGKILL')
    redisServer.kill('SIGKILL')
    await page.close()
    await server.close()
    await studio.close()
    await farm.close()
  }
})
