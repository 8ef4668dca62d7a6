import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { StudioCalls, StudioEvents } from '../../src/shared/calls/contract.ts'
import type { Job } from '../../src/shared/queue/jobs.ts'
import type { InputImage } from '../../src/shared/library/history.ts'
import { connect } from '../../src/shared/calls/rpc.ts'
import { startServer } from '../../src/studio/server/server.ts'
import { webSocketChannel } from '../../src/studio/server/webSocketChannel.ts'
import { openTestStudio, runToEnd, temporaryFolder } from './fixtures/testStudio.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

async function openTestServer() {
  const renderer = temporaryFolder()
  writeFileSync(join(renderer, 'index.html'), '<title>the window</title>')
  mkdirSync(join(renderer, 'assets'))
  writeFileSync(join(renderer, 'assets', 'a.js'), 'export {}')
  const dataFolder = temporaryFolder()
  const studio = await openTestStudio(dataFolder)
  const server = await startServer({ studio, renderer })
  onTestFinished(() => server.close())
  const { origin, host, port } = new URL(server.address)

  /** A request exactly as given: no header is added but those of HTTP itself. */
  async function ask(
    path: string,
    headers: Record<string, string> = {},
    body?: Buffer,
    method = body ? 'POST' : 'GET',
  ): Promise<Answer> {
    const options = {
      method,
      host: '127.0.0.1',
      port,
      path,
      headers: { host, ...headers },
    }
    const asked = request(options).end(body)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }
  }

  const entered = await ask(new URL(server.address).search.replace(/^/, '/'))
  const cookie = String(entered.headers['set-cookie']).split(';')[0]

  async function openSocket(headers: Record<string, string> = { cookie, origin }): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${host}/rpc`, { headers })
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')
    return socket
  }
  return { studio, server, dataFolder, origin, host, port: Number(port), ask, entered, cookie, openSocket }
}

describe('the server', () => {
  it('lets in who has the token, with a cookie that only this page can use', async () => {
    const { entered, ask, cookie, port } = await openTestServer()
    expect(entered.status).toBe(302)
    expect(entered.headers.location).toBe('/')
    expect(String(entered.headers['set-cookie'])).toMatch(
      new RegExp(`^latent-studio-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    )
    const page = await ask('/', { cookie })
    expect(page.status).toBe(200)
    expect(page.body.toString()).toContain('the window')
    expect((await ask('/assets/a.js', { cookie })).headers['content-type']).toContain('javascript')
  })

  it('listens on the loopback address only, and not on two ports at once', async () => {
    const { studio, port, host } = await openTestServer()
    expect(host).toBe(`127.0.0.1:${port}`)
    await expect(startServer({ studio, port })).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('refuses a missing or wrong token, a foreign name for its address, and foreign pages', async () => {
    const { ask, cookie, origin, port } = await openTestServer()
    const refused = async (path: string, headers: Record<string, string>, body?: Buffer) => {
      const { status, body: answer } = await ask(path, headers, body)
      expect([status, (JSON.parse(answer.toString()) as { code: string }).code]).toEqual([403, 'forbidden'])
    }
    await refused('/', {})
    await refused('/?token=wrong', {})
    await refused('/?token=', {})
    await refused('/', { cookie: `latent-studio-${port}=wrong` })
    await refused('/', { cookie: cookie.replace(String(port), '1') })
    await refused('/', { cookie, host: `evil.example:${port}` })
    await refused('/', { cookie, host: `localhost:${port}` })
    await refused('/', { cookie, origin: 'http://evil.example' })
    await refused('/inputs', { cookie }, Buffer.from('x'))
    await refused('/inputs', { cookie, origin: 'null' }, Buffer.from('x'))
    await refused('/inputs', { cookie, origin: origin.replace('127.0.0.1', 'localhost') }, Buffer.from('x'))
  })

  it('tells a person who opened it without the token where to go on, in plain words', async () => {
    const { ask } = await openTestServer()
    const { status, headers, body } = await ask('/', { 'sec-fetch-mode': 'navigate' })
    expect([status, headers['content-type']]).toEqual([403, 'text/plain; charset=utf-8'])
    expect(body.toString()).toMatch(/^Open the address that was printed/)
  })

  it('sends security headers with everything, also with errors', async () => {
    const { ask, cookie } = await openTestServer()
    for (const answer of [
      await ask('/', { cookie }),
      await ask('/images/x.png', { cookie }),
      await ask('/'),
    ]) {
      const policy = String(answer.headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toMatch(/script-src 'self';/)
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin')
    }
  })

  it('serves images, thumbnails and inputs, and nothing outside of them', async () => {
    const { studio, ask, cookie, dataFolder } = await openTestServer()
    const { imageIds } = await runToEnd(studio, { prompt: 'x' })
    const { url, thumbnailUrl, path } = await studio.calls.image(imageIds[0])
    const image = await ask(url, { cookie })
    expect(image.body.equals(readFileSync(path))).toBe(true)
    expect(image.headers['content-type']).toBe('image/png')
    expect((await ask(thumbnailUrl, { cookie })).headers['content-type']).toBe('image/webp')
    writeFileSync(join(dataFolder, 'images', 'secret.png'), 'secret')
    const escapes = [
      '/images/secret.png',
      '/images/..%2fstudio.db',
      '/images/../studio.db',
      '/inputs/../studio.db',
    ]
    const names = ['/inputs/studio.db', '/thumbnails/x.webp', '/..%2f..%2fetc/passwd', '//etc/passwd']
    for (const outside of [...escapes, ...names]) expect((await ask(outside, { cookie })).status).toBe(404)
    expect((await ask('/previews/x/1', { cookie })).status).toBe(204)
  })

  it('answers HEAD as GET, without a body', async () => {
    const { studio, ask, cookie } = await openTestServer()
    const { imageIds } = await runToEnd(studio, { prompt: 'x' })
    const { url } = await studio.calls.image(imageIds[0])
    for (const path of ['/', '/assets/a.js', url, '/images/none.png', '/nothing']) {
      const got = await ask(path, { cookie })
      const head = await ask(path, { cookie }, undefined, 'HEAD')
      expect([path, head.status, head.headers['content-type']]).toEqual([
        path,
        got.status,
        got.headers['content-type'],
      ])
      expect(head.body).toHaveLength(0)
      if (got.status === 200) expect(head.headers['content-length']).toBe(String(got.body.length))
    }
    expect((await ask('/', {}, undefined, 'HEAD')).status).toBe(403)
  })

  it('answers other methods with those that a path knows', async () => {
    const { ask, cookie, origin } = await openTestServer()
    const known = { '/': 'GET, HEAD', '/assets/a.js': 'GET, HEAD', '/images/x.png': 'GET, HEAD' }
    for (const [path, allowed] of Object.entries({ ...known, '/inspect': 'POST' })) {
      for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH', allowed === 'POST' ? 'GET' : 'POST']) {
        for (const headers of [{ cookie, origin }, { cookie }] as Record<string, string>[]) {
          const { status, headers: answered } = await ask(path, headers, undefined, method)
          expect([path, method, status, answered.allow]).toEqual([path, method, 405, allowed])
        }
      }
    }
  })

  it('takes a picture in and gives it back, others as PNG, and refuses what is none', async () => {
    const { ask, cookie, origin } = await openTestServer()
    const give = (body: Buffer) => ask('/inputs', { cookie, origin }, body)
    const grey = sharp({ create: { width: 30, height: 20, channels: 3, background: '#888' } })
    const webp = await grey.clone().webp().toBuffer()
    const input = JSON.parse((await give(webp)).body.toString()) as InputImage
    expect(input).toMatchObject({
      width: 30,
      height: 20,
      id: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    expect((await ask(input.url, { cookie })).body.equals(webp)).toBe(true)

    const tiff = JSON.parse((await give(await grey.clone().tiff().toBuffer())).body.toString()) as InputImage
    expect((await ask(tiff.url, { cookie })).headers['content-type']).toBe('image/png')
    const refused = await give(Buffer.from('no picture'))
    expect(refused.status).toBe(422)
    expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'bad-init-image' })
  })

  it('refuses a picture that is too large without reading it all', async () => {
    const { ask, cookie, origin } = await openTestServer()
    const { status, body } = await ask('/inputs', { cookie, origin }, Buffer.alloc(101 * 2 ** 20))
    expect(status).toBe(422)
    expect(body.toString()).toContain('100 MiB')
  })

  it('has one answer at a time wait for who asks much over one connection and reads nothing', async () => {
    const { studio, ask, cookie, host, port } = await openTestServer()
    const noise = Buffer.from(Uint8Array.from({ length: 1000 * 1000 * 3 }, (_, at) => (at * at * 31) % 251))
    const png = sharp(noise, { raw: { width: 1000, height: 1000, channels: 3 } }).png({ compressionLevel: 0 })
    const path = join(temporaryFolder(), 'large.png')
    await png.toFile(path)
    const { url } = await studio.inputs.addFile(path)
    const before = process.memoryUsage().rss
    const deaf = connectSocket(port, '127.0.0.1')
    deaf.on('error', () => {}).pause()
    onTestFinished(() => void deaf.destroy())
    // 300 times 3 MB.
    deaf.write(`GET ${url} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`.repeat(300))
    for (let asked = 0; asked < 30; asked++) expect((await ask(url, { cookie })).status).toBe(200)
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
    // Who reads after all gets one answer after the other.
    let read = ''
    for await (const chunk of deaf) {
      read += (chunk as Buffer).toString('latin1').replaceAll(/[^ -~]+/g, '')
      if (read.split('HTTP/1.1 200 OK').length > 10) break
    }
  })

  it('says what to do when the window has not been built', async () => {
    const studio = await openTestStudio()
    const server = await startServer({ studio, renderer: join(temporaryFolder(), 'nothing') })
    onTestFinished(() => server.close())
    const entered = await fetch(server.address, { redirect: 'manual' })
    const cookie = entered.headers.get('set-cookie')!.split(';')[0]
    const page = await fetch(new URL(server.address).origin, { headers: { cookie } })
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('npm run build')
  })
})

describe('the studio over a WebSocket', () => {
  it('answers calls, checks their arguments, and tells events', async () => {
    const { openSocket } = await openTestServer()
    const ended = Promise.withResolvers<Job>()
    const events: Partial<StudioEvents> = { jobChanged: (job) => void (job.finishedAt && ended.resolve(job)) }
    const calls = connect<StudioCalls>(webSocketChannel(await openSocket()), events)
    await calls.enqueue({ prompt: 'over the wire', steps: 2 })
    const job = await ended.promise
    expect(job.state).toBe('done')
    expect((await calls.history({ search: 'wire' })).items.map(({ id }) => id)).toEqual(job.imageIds)
    await expect(calls.enqueue({ steps: 0 })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'steps: must be at least 1, found 0.',
    })
    await expect((calls as unknown as { close(): Promise<void> }).close()).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  it('tells every client of what another does', async () => {
    const { openSocket } = await openTestServer()
    const told = Promise.withResolvers<string>()
    const calls = connect<StudioCalls>(webSocketChannel(await openSocket()), {})
    const listening: Partial<StudioEvents> = { settingsChanged: ({ theme }) => told.resolve(theme) }
    const other = connect<StudioCalls>(webSocketChannel(await openSocket()), listening)
    await other.status()
    await calls.changeSettings({ theme: 'dark' })
    expect(await told.promise).toBe('dark')
  })

  it.each<[string, (good: { cookie: string; origin: string }) => Record<string, string>]>([
    ['without the cookie', ({ origin }) => ({ origin })],
    ['without an origin', ({ cookie }) => ({ cookie })],
    ['from a foreign page', ({ cookie }) => ({ cookie, origin: 'http://evil.example' })],
    ['by a foreign name', ({ cookie, origin }) => ({ cookie, origin, host: 'evil.example' })],
  ])('is refused %s', async (_how, headers) => {
    const { openSocket, cookie, origin } = await openTestServer()
    await expect(openSocket(headers({ cookie, origin }))).rejects.toThrow('403')
  })

  it('ends the connection of who sends no JSON or a message without end, and serves the others', async () => {
    const { openSocket } = await openTestServer()
    const good = connect<StudioCalls>(webSocketChannel(await openSocket()), {})
    for (const message of ['{', Buffer.from([0xff, 0xfe]), 'x'.repeat(2 ** 20 + 1)]) {
      const bad = await openSocket()
      bad.on('error', () => {})
      bad.send(message)
      await once(bad, 'close')
    }
    expect((await good.status()).engine).toBe('absent')
  })

  it('ends the connection of who never reads, above 32 MiB, and serves the others', async () => {
    const { studio, openSocket } = await openTestServer()
    for (let count = 0; count < 40; count++) {
      await studio.calls.enqueue({ prompt: `slow ${'x'.repeat(19_000)}`, steps: 100 })
    }
    const good = connect<StudioCalls>(webSocketChannel(await openSocket()), {})
    const answer = Buffer.byteLength(JSON.stringify(await good.jobs()))
    const deaf = await openSocket()
    const ended = once(deaf, 'close')
    deaf.on('error', () => {}).pause()
    const before = process.memoryUsage().rss
    let asked = 0
    // Reads nothing until it has been sent half a gigabyte.
    for (; asked * answer < 2 ** 29 && deaf.readyState === deaf.OPEN; asked++) {
      deaf.send(JSON.stringify({ t: 'q', i: String(asked), m: 'jobs', a: [] }))
      if (asked % 20 === 0) await good.status()
    }
    await good.status()
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28)
    deaf.resume()
    await ended
    expect((await good.status()).engine).toBe('running')
  })

  it('outlives clients that hang up before they are answered', async () => {
    const { port, host, cookie, ask } = await openTestServer()
    const failures: unknown[] = []
    const note = (reason: unknown): void => void failures.push(reason)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const lines = [`Host: ${host}`, `Cookie: ${cookie}`, '', ''].join('\r\n')
    for (let client = 0; client < 200; client++) {
      const socket = connectSocket(port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      socket.write(`GET /nothing/here/${client} HTTP/1.1\r\n${lines}`)
      // Some are gone before their question is read, some while it is answered.
      setTimeout(() => socket.resetAndDestroy(), client % 4)
    }
    await expect.poll(async () => (await ask('/nothing', { cookie })).status).toBe(404)
    expect(failures).toEqual([])
  })

  it('survives bytes that are no HTTP at all', async () => {
    const { port, ask, cookie } = await openTestServer()
    const socket = connectSocket(port, '127.0.0.1')
    socket.on('error', () => {}).resume()
    socket.end('GARBAGE\r\n\r\n\0\0\0')
    await once(socket, 'close')
    expect((await ask('/', { cookie })).status).toBe(200)
  })
})
