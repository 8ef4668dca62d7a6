import SwaggerParser from '@apidevtools/swagger-parser'
import { once } from 'node:events'
import type { OpenAPIV3_1 } from 'openapi-types'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { addApiKey, apiKeys, revokeApiKey, type Scope } from '../../../src/studio/api/apiKeys.ts'
import { jobSchema, pictureSchema } from '../../../src/studio/api/own/schemas.ts'
import { hasEnded, runToEnd, untilJob } from '../fixtures/testStudio.ts'
import { openApi } from './openApi.ts'

type Body = Record<string, any>

async function open() {
  const api = await openApi()
  const asker =
    (key: string) =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${api.origin}/api/v1${path}`, {
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
        headers: { authorization: `Bearer ${key}`, ...headers },
      })
      return {
        status: answer.status,
        headers: answer.headers,
        body: (await answer.json().catch(() => null)) as Body,
      }
    }
  const keyWith = (...scopes: Scope[]) => addApiKey(api.dataFolder, scopes.join(), { scopes })
  return { ...api, ask: asker(api.key), askAs: async (...scopes: Scope[]) => asker(await keyWith(...scopes)) }
}

describe('what is written of it', () => {
  it('is valid OpenAPI 3.1, and a page that nothing has to be fetched for', async () => {
    const { origin } = await open()
    const document = (await (await fetch(`${origin}/api/v1/openapi.json`)).json()) as OpenAPIV3_1.Document
    const api = (await SwaggerParser.validate(structuredClone(document))) as OpenAPIV3_1.Document
    expect(api.openapi).toBe('3.1.0')
    expect(Object.keys(api.paths!)).toEqual(expect.arrayContaining(['/jobs', '/pictures/{id}', '/events']))
    expect(document.components!.schemas!.Request).toMatchObject({
      properties: { prompt: { maxLength: 20_000 } },
    })
    const answer = await fetch(`${origin}/api/v1/`)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const page = await answer.text()
    expect(page).toContain('<h3><code>POST /api/v1/jobs</code></h3>')
    expect(page).not.toMatch(/<script|<link|src=|https?:/)
  })
})

describe('jobs', () => {
  it('are asked for, listed, and stopped by who asked for them, others by "manage"', async () => {
    const { ask, askAs, studio } = await open()
    const queued = await ask('/jobs', { prompt: 'endless', steps: 3 })
    expect(queued).toMatchObject({
      status: 201,
      body: { state: 'queued', request: { steps: 3 }, pictureIds: [] },
    })
    expect(jobSchema.strict().parse(queued.body)).toBeTruthy()
    expect(queued.headers.get('location')).toBe(`/api/v1/jobs/${queued.body.id}`)
    const others = await studio.calls.enqueue({ prompt: 'endless' })
    expect((await ask('/jobs')).body.items.map(({ id }: Body) => id)).toEqual([queued.body.id, others.id])
    const refused = await ask(`/jobs/${others.id}/cancel`, {})
    expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining('"manage"')])
    const managing = await askAs('manage')
    expect((await managing(`/jobs/${others.id}/cancel`, {})).body.state).toBe('cancelled')
    expect((await ask(`/jobs/${queued.body.id}/cancel`, {})).status).toBe(200)
    await untilJob(studio, queued.body.id as string, hasEnded)
    expect((await ask(`/jobs/${queued.body.id}`)).body.state).toBe('cancelled')
    expect((await ask(`/jobs/${queued.body.id}/retry`, {})).status).toBe(200)
    expect(await ask('/jobs/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  it('leave Turbo to automatic, and say what it took and why', async () => {
    const { ask } = await open()
    const queued = await ask('/jobs', { prompt: 'a hill', turbo: 'auto' })
    expect(queued.body.request).toMatchObject({ turbo: false, turboBecause: 'untested' })
    expect((await ask('/jobs', { prompt: 'a hill', turbo: 'always' })).status).toBe(422)
  })

  it('name every field that there is not, at any depth, and every value that does not fit', async () => {
    const { ask } = await open()
    const wrong = await ask('/jobs', {
      promt: 'x',
      steps: 'many',
      hires: { scal: 2 },
      adapters: [{ name: 'a', weight: 1 }],
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.problems.map(({ path }: Body) => path)).toEqual([
      'promt',
      'hires.scal',
      'adapters.0.weight',
      'steps',
    ])
    expect((await ask('/pictures?limit=0&sort=x')).body.problems.map(({ path }: Body) => path)).toEqual([
      'limit',
      'sort',
    ])
    const { status, headers } = await ask('/status', {})
    expect([status, headers.get('allow')]).toEqual([405, 'GET'])
  })
})

it('pictures are searched, and fetched again only when they changed', async () => {
  const { ask, askAs, studio } = await open()
  const { imageIds } = await runToEnd(studio, { prompt: 'a house' })
  await runToEnd(studio, { prompt: 'a boat' })
  const found = await ask('/pictures?search=house')
  expect(found.body).toMatchObject({ total: 1, items: [{ id: imageIds[0] }] })
  expect(pictureSchema.strict().parse(found.body.items[0])).toBeTruthy()
  for (const path of ['', '/file', '/file?format=webp', '/thumbnail']) {
    const first = await ask(`/pictures/${imageIds[0]}${path}`)
    const tag = first.headers.get('etag')!
    expect([first.status, tag], path).toEqual([200, expect.stringMatching(/^".+"$/)])
    const again = await ask(`/pictures/${imageIds[0]}${path}`, undefined, { 'if-none-match': tag })
    expect([again.status, again.body], path).toEqual([304, null])
  }
  const tag = (await ask(`/pictures/${imageIds[0]}`)).headers.get('etag')!
  await studio.calls.mark(imageIds, { rating: 5 })
  expect((await ask(`/pictures/${imageIds[0]}`, undefined, { 'if-none-match': tag })).status).toBe(200)
  expect((await ask('/models')).body.items.map(({ id }: Body) => id)).toContain('starter')
  expect((await (await askAs('generate'))('/pictures')).status).toBe(403)
  expect((await ask('/pictures/%E0%A4')).status).toBe(400)
})

describe('events', () => {
  /** Reads a stream of events until one is the last that is waited for. */
  async function hear(
    origin: string,
    key: string,
    isLast: (event: Body) => boolean,
    headers: Record<string, string> = {},
  ) {
    const gone = new AbortController()
    onTestFinished(() => gone.abort())
    const answer = await fetch(`${origin}/api/v1/events`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
      signal: gone.signal,
    })
    const heard = (async () => {
      const events: Body[] = []
      let text = ''
      for await (const bytes of answer.body!) {
        text += Buffer.from(bytes).toString()
        const frames = text.split('\n\n')
        text = frames.pop()!
        for (const frame of frames) {
          const [, id, type, data] = /^id: (.+)\nevent: (.+)\ndata: (.+)$/.exec(frame) ?? []
          if (id === undefined) continue
          events.push({ id, type, data: JSON.parse(data) as unknown })
          if (isLast(events.at(-1)!)) return events
        }
      }
      return events
    })()
    return { type: answer.headers.get('content-type'), heard }
  }
  const isDone = ({ type, data }: Body): boolean => type === 'job' && data.state === 'done'

  it('are heard as they happen; who comes back with the last id hears what was missed', async () => {
    const { origin, key, studio } = await open()
    const { type, heard } = await hear(origin, key, isDone)
    expect(type).toBe('text/event-stream')
    await runToEnd(studio, { prompt: 'a house' })
    const events = await heard
    expect(events.map(({ type }) => type as string)).toEqual(
      expect.arrayContaining(['job', 'progress', 'picture']),
    )
    const missed = await hear(origin, key, isDone, { 'last-event-id': events[0].id as string })
    expect(await missed.heard).toEqual(events.slice(1))
    const stranger = await hear(origin, key, () => true, { 'last-event-id': 'of-another-run' })
    expect((await stranger.heard)[0].type).toBe('missed')
  })

  it('end, within a beat, for a key that is revoked', async () => {
    const { origin, key, dataFolder } = await open()
    const { heard } = await hear(origin, key, () => false)
    const [{ id }] = await apiKeys(dataFolder)
    await revokeApiKey(dataFolder, id)
    // Settles once the studio has ended the stream.
    await heard
    const again = await fetch(`${origin}/api/v1/events`, { headers: { Authorization: `Bearer ${key}` } })
    expect(again.status).toBe(401)
  })

  it('come in parts to who missed more than may wait, each after the last id', async () => {
    const { origin, key, studio } = await open()
    await studio.calls.enqueue({ prompt: 'endless' })
    const first = await hear(origin, key, () => true, { 'last-event-id': 'of-another-run' })
    let last = (await first.heard)[0].id as string
    const long = 'x'.repeat(19_000)
    const jobs = Array.from({ length: 70 }, (_, index) =>
      studio.calls.enqueue({ prompt: `${index} ${long}` }),
    )
    const ids = (await Promise.all(jobs)).map(({ id }) => id)
    const missed: Body[] = []
    let parts = 0
    while (missed.at(-1)?.data.id !== ids.at(-1) && parts < 10) {
      const isLast = ({ data }: Body): boolean => data.id === ids.at(-1)
      const { heard } = await hear(origin, key, isLast, { 'last-event-id': last })
      missed.push(...(await heard))
      last = missed.at(-1)!.id as string
      parts++
    }
    expect(parts).toBeGreaterThan(1)
    const told = missed.map(({ data }) => data.id as string)
    expect(ids.filter((id) => !told.includes(id))).toEqual([])
  })

  it('are messages of a WebSocket to who has a key', async () => {
    const { origin, key, studio, dataFolder } = await open()
    const address = `${origin.replace('http', 'ws')}/api/v1/socket?types=picture`
    const refused = new WebSocket(address)
    const [error] = (await once(refused, 'error')) as [Error]
    expect(error.message).toContain('401')
    const socket = new WebSocket(address, { headers: { authorization: `Bearer ${key}` } })
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')
    const message = once(socket, 'message')
    await runToEnd(studio, { prompt: 'a house' })
    const [told] = (await message) as [Buffer]
    expect(JSON.parse(told.toString())).toMatchObject({
      type: 'picture',
      data: { request: { prompt: 'a house' } },
    })
    const [{ id }] = await apiKeys(dataFolder)
    await revokeApiKey(dataFolder, id)
    expect(
      (await fetch(`${origin}/api/v1/status`, { headers: { authorization: `Bearer ${key}` } })).status,
    ).toBe(401)
  })
})
