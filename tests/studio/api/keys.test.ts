import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addApiKey, apiKeys, changeApiKey, type Scope } from '../../../src/studio/api/apiKeys.ts'
import { createRateLimit } from '../../../src/studio/api/rateLimit.ts'
import { openApi } from './openApi.ts'

/** Calls of a program, with whatever it says of itself. */
const caller = (origin: string) => ({
  models: (authorization?: string) =>
    fetch(`${origin}/v1/models`, authorization === undefined ? {} : { headers: { authorization } }),
  draw: (key: string, prompt = 'x') =>
    fetch(`${origin}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, steps: 1 }),
    }),
})
const basic = (words: string): string => `Basic ${Buffer.from(words).toString('base64')}`
const messageOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { error: { message: string } }).error.message

describe('keys', () => {
  it('a key is shown as a bearer token, or as a password or name as other clients send it', async () => {
    const { origin, key } = await openApi()
    const { models } = caller(origin)
    for (const shown of [`Bearer ${key}`, basic(`anybody:${key}`), basic(`${key}:`)])
      expect((await models(shown)).status, shown).toBe(200)
    for (const shown of [undefined, '', 'Bearer', `Bearer ${key}x`, basic('anybody:wrong'), basic('')]) {
      const answer = await models(shown)
      expect(answer.status, shown).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('Basic')
    }
  })

  it('without a key only where that was allowed; a wrong one opens nothing there either', async () => {
    const { origin } = await openApi({ withoutKey: true })
    const { models } = caller(origin)
    expect((await models()).status).toBe(200)
    expect((await models(basic(''))).status).toBe(200)
    expect((await models('Bearer ls-wrong')).status).toBe(401)
  })

  it('a key does what its scopes say; the one that is missing is named', async () => {
    const { origin, dataFolder } = await openApi()
    const { models, draw } = caller(origin)
    const keyWith = (...scopes: Scope[]) => addApiKey(dataFolder, scopes.join(), { scopes })
    const reading = await keyWith('read')
    expect((await models(`Bearer ${reading}`)).status).toBe(200)
    const refused = await draw(reading)
    expect(refused.status).toBe(403)
    expect(await messageOf(refused)).toBe('This needs the scope "generate"; this key has read.')
    expect((await models(`Bearer ${await keyWith('manage')}`)).status).toBe(403)
    const [, { id }] = await apiKeys(dataFolder)
    await changeApiKey(dataFolder, id, { scopes: ['generate'] })
    expect((await draw(reading)).status).toBe(200)
  })

  it('a body over the limit is 413, calls over it 429 with when to try again', async () => {
    const { origin, dataFolder } = await openApi()
    const { models, draw } = caller(origin)
    const small = await addApiKey(dataFolder, 'small', { mostBytes: 1024 })
    expect((await draw(small, 'x'.repeat(2000))).status).toBe(413)
    const seldom = await addApiKey(dataFolder, 'seldom', { requestsPerMinute: 1 })
    expect((await models(`Bearer ${seldom}`)).status).toBe(200)
    const late = await models(`Bearer ${seldom}`)
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  })

  it('a file of an older version opens as it did, and keeps only hashes', async () => {
    const { origin, dataFolder, key } = await openApi()
    const path = join(dataFolder, 'api-keys.json')
    const [{ id, name, createdAt, sha256 }] = JSON.parse(readFileSync(path, 'utf8')) as [
      Record<string, string>,
    ]
    writeFileSync(path, JSON.stringify([{ id, name, createdAt, sha256 }]))
    expect((await caller(origin).draw(key)).status).toBe(200)
    expect(await apiKeys(dataFolder)).toEqual([
      {
        id,
        name,
        createdAt,
        scopes: ['generate', 'read'],
        requestsPerMinute: null,
        mostBytes: 200 * 2 ** 20,
      },
    ])
    expect(readFileSync(path, 'utf8')).not.toContain(key)
  })
})

it('a bucket of calls fills evenly, for each caller apart', () => {
  let time = 0
  const waitOf = createRateLimit(() => time)
  expect([1, 2, 3].map(() => waitOf('a', 2))).toEqual([0, 0, 30])
  expect(waitOf('b', 2)).toBe(0)
  time = 29_000
  expect(waitOf('a', 2)).toBe(1)
  time = 30_000
  expect([waitOf('a', 2), waitOf('a', 2)]).toEqual([0, 30])
  expect(waitOf('a', null)).toBe(0)
})
