import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { StudioCalls, StudioEvents } from '../../../src/shared/calls/contract.ts'
import { connect } from '../../../src/shared/calls/rpc.ts'
import { createApi } from '../../../src/studio/api/api.ts'
import { addApiKey } from '../../../src/studio/api/apiKeys.ts'
import { openNetwork, type NetworkOptions } from '../../../src/studio/server/network/openNetwork.ts'
import { removePerson, setPerson } from '../../../src/studio/server/network/people.ts'
import { startServer } from '../../../src/studio/server/server.ts'
import { webSocketChannel } from '../../../src/studio/server/webSocketChannel.ts'
import { openTestStudio, temporaryFolder } from '../fixtures/testStudio.ts'

const passwords = { Ada: 'a password of Ada', Grace: 'a password of Grace' }
const local = { listen: '127.0.0.1', tls: null, allowedHosts: ['studio.test'] }

/** A studio over TLS, with Ada, who comes to the shared library, and Grace, who has an own. */
async function openNet(options: NetworkOptions = local) {
  const dataFolder = temporaryFolder()
  await setPerson(dataFolder, { name: 'Ada', library: 'shared', password: passwords.Ada })
  await setPerson(dataFolder, { name: 'Grace', library: 'own', password: passwords.Grace })
  const network = await openNetwork(options, dataFolder, ({ dataFolder, ...rest }) =>
    openTestStudio(dataFolder, rest),
  )
  const { shared: studio, listening, certificate } = network
  const api = createApi({ studio, dataFolder })
  const server = await startServer({ studio, listening, renderer: dataFolder, api })
  onTestFinished(() => server.close())
  const { port, host } = new URL(server.address)
  const origin = `https://127.0.0.1:${port}`

  async function ask(path: string, headers: Record<string, string> = {}, form?: Record<string, string>) {
    const asked = request({
      ...{ host: '127.0.0.1', port, path, rejectUnauthorized: false },
      method: form ? 'POST' : 'GET',
      headers: { host: `127.0.0.1:${port}`, ...headers },
    }).end(form && new URLSearchParams(form).toString())
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }
  }

  const logIn = (name: string, password: string) => ask('/login', { origin }, { name, password })

  async function cookieOf(name: keyof typeof passwords): Promise<string> {
    const { headers } = await logIn(name, passwords[name])
    return String(headers['set-cookie']).split(';')[0]
  }

  async function openWindow(cookie: string) {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/rpc`, {
      headers: { cookie, origin },
      rejectUnauthorized: false,
    })
    onTestFinished(() => socket.terminate())
    const channel = webSocketChannel(socket)
    await once(socket, 'open')
    const events: Partial<StudioEvents> = {}
    return { socket, calls: connect<StudioCalls>(channel, events) }
  }
  return { network, certificate, dataFolder, origin, port, host, ask, logIn, cookieOf, openWindow }
}

describe('a studio on a network', () => {
  it('is not opened while nobody could come in', async () => {
    const opening = openNetwork(local, temporaryFolder(), () => Promise.reject(new Error('It was opened.')))
    await expect(opening).rejects.toMatchObject({ code: 'bad-request' })
    await expect(opening).rejects.toThrow('studio people --add NAME')
  })

  it('speaks TLS alone, with the certificate whose fingerprint it says', async () => {
    const { port, certificate } = await openNet()
    const socket = connectTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const shown = socket.getPeerX509Certificate()!
    socket.destroy()
    expect(shown.fingerprint256).toBe(certificate.fingerprint)
    expect(shown.subjectAltName).toContain('DNS:studio.test')
    await expect(fetch(`http://127.0.0.1:${port}/login`)).rejects.toThrow()
  })

  it('leads to a page where people log in, and from there to the window', async () => {
    const { ask, logIn, cookieOf } = await openNet()
    expect(await ask('/')).toMatchObject({ status: 303, headers: { location: '/login' } })
    const page = await ask('/login', { 'accept-language': 'zh-CN,zh;q=0.9' })
    expect(page.body).toContain('密码')
    expect(String(page.headers['content-security-policy'])).toContain("form-action 'self'")

    expect(await logIn('Ada', 'a password of Eve')).toMatchObject({ status: 401 })
    expect(await logIn('Eve', passwords.Ada)).toMatchObject({ status: 401 })
    const entered = await logIn('ada ', passwords.Ada)
    expect(entered).toMatchObject({ status: 303, headers: { location: '/' } })
    expect(String(entered.headers['set-cookie'])).toMatch(
      /^__Host-latent-studio=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    )
    const cookie = await cookieOf('Ada')
    expect((await ask('/login', { cookie })).body).toContain('You are logged in as Ada.')
    expect(await ask('/images/none.png', { cookie })).toMatchObject({ status: 404 })
    expect(await ask('/images/none.png')).toMatchObject({ status: 403 })
  })

  it('refuses other names for its address, other pages, and writing without a page', async () => {
    const { ask, origin, port, cookieOf } = await openNet()
    const cookie = await cookieOf('Ada')
    const refused = async (path: string, headers: Record<string, string>, form?: Record<string, string>) =>
      expect((await ask(path, headers, form)).status).toBe(403)
    await refused('/', { cookie, host: `evil.example:${port}` })
    await refused('/login', { host: `evil.example:${port}` })
    await refused('/', { cookie, origin: 'https://evil.example' })
    await refused('/logout', { cookie, origin: 'https://evil.example' }, {})
    expect((await ask('/logout', { cookie }, {})).status).toBe(405)
    await refused('/inputs', { cookie }, {})
    expect((await ask('/login', { host: `studio.test:${port}` })).status).toBe(200)
    expect((await ask('/logout', { cookie, origin }, {})).headers.location).toBe('/login')
    await refused('/images/none.png', { cookie })
  })

  it('lets programs in that show a key, and nobody without one', async () => {
    const { ask, dataFolder } = await openNet()
    expect((await ask('/v1/models')).status).toBe(401)
    const key = await addApiKey(dataFolder, 'a program')
    expect((await ask('/v1/models', { authorization: `Bearer ${key}` })).status).toBe(200)
  })

  it('lets nobody look around on the machine, nor write where they like', async () => {
    const { openWindow, cookieOf } = await openNet()
    const { calls } = await openWindow(await cookieOf('Ada'))
    const forbidden = { code: 'forbidden' }
    await expect(calls.changeSettings({ importFolders: ['/'] })).rejects.toMatchObject(forbidden)
    await expect(calls.changeSettings({ modelFolders: ['/'] })).rejects.toMatchObject(forbidden)
    await expect(calls.lookAtFolder('/')).rejects.toMatchObject(forbidden)
    await expect(calls.startDownload({ link: 'a/b', folder: '/tmp' })).rejects.toMatchObject(forbidden)
    expect(await calls.changeSettings({ theme: 'light' })).toMatchObject({ theme: 'light' })
  })

  it('gives each their library, and the machine to one picture at a time', async () => {
    const { openWindow, cookieOf } = await openNet()
    const ada = await openWindow(await cookieOf('Ada'))
    const grace = await openWindow(await cookieOf('Grace'))
    const prompts = ['one', 'two']
    for (const prompt of prompts) {
      await ada.calls.enqueue({ prompt: `Ada's ${prompt}`, steps: 3 })
      await grace.calls.enqueue({ prompt: `Grace's ${prompt}`, steps: 3 })
    }
    const made = async ({ calls }: typeof ada) => {
      await expect.poll(async () => (await calls.jobs()).map(({ state }) => state)).toEqual(['done', 'done'])
      const { items } = await calls.history({})
      return { jobs: await calls.jobs(), prompts: items.map(({ request }) => request.prompt).sort() }
    }
    const [ofAda, ofGrace] = [await made(ada), await made(grace)]
    expect(ofAda.prompts).toEqual(["Ada's one", "Ada's two"])
    expect(ofGrace.prompts).toEqual(["Grace's one", "Grace's two"])
    const inOrder = [...ofAda.jobs, ...ofGrace.jobs].sort((one, other) => one.startedAt! - other.startedAt!)
    for (const [at, { startedAt }] of inOrder.entries())
      if (at > 0) expect(startedAt).toBeGreaterThanOrEqual(inOrder[at - 1].finishedAt!)
  })

  it('shows out at once who may come no more, and who has another password', async () => {
    const { dataFolder, openWindow, cookieOf, ask } = await openNet()
    const cookies = { ada: await cookieOf('Ada'), grace: await cookieOf('Grace') }
    const { socket } = await openWindow(cookies.ada)
    await removePerson(dataFolder, 'Ada')
    await setPerson(dataFolder, { name: 'grace', library: 'own', password: 'another password' })
    expect((await ask('/images/none.png', { cookie: cookies.ada })).status).toBe(403)
    expect((await ask('/images/none.png', { cookie: cookies.grace })).status).toBe(403)
    await once(socket, 'close')
  })
})
