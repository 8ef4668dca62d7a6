import type { Route } from '@playwright/test'
import { hear, tell } from './toTest.ts'

/** Chromium without Electron knows no scheme of ours: pages see this origin, the main process sees studio://app. */
const seenByPage = 'https://studio.test'
const seenByMain = 'studio://app'

export const toPageUrl = (url: string): string => url.replace(seenByMain, seenByPage)
export const toMainUrl = (url: string): string => url.replace(seenByPage, seenByMain)

type Handler = (request: Request) => Response | Promise<Response>
const handlers = new Map<string, Handler>()

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown): void => tell('schemes', schemes),
  handle: (scheme: string, handler: Handler): void => void handlers.set(scheme, handler),
}

/** Answers a page's request as Electron does: by the handler of its scheme. There is no network. */
export async function answerRoute(route: Route): Promise<void> {
  const url = toMainUrl(route.request().url())
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (!handler) return route.fulfill({ contentType: 'text/html', body: '<title>foreign</title>' })
  const method = route.request().method()
  const body = route.request().postDataBuffer()
  const headers = await route.request().allHeaders()
  const answer = await handler(new Request(url, { method, headers, body: body && new Uint8Array(body) }))
  await route.fulfill({
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  })
}

type PermissionHandler = (
  contents: null,
  permission: string,
  answer: (allowed: boolean) => void,
  details: { requestingUrl: string },
) => void

export const session = {
  fromPartition: (): object => ({}),
  defaultSession: {
    setPermissionRequestHandler: (handler: PermissionHandler): void =>
      hear('permission', (value) => {
        const { permission, requestingUrl } = value as { permission: string; requestingUrl: string }
        handler(null, permission, (allowed) => tell('permission', allowed), { requestingUrl })
      }),
    setPermissionCheckHandler: (): void => {},
    setDevicePermissionHandler: (): void => {},
  },
}
