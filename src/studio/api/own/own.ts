import type { WebSocket } from 'ws'
import { keyAsks, studioAs } from '../../jobs/queue/asking.ts'
import type { Studio } from '../../studio.ts'
import { securityHeaders } from '../../server/securityHeaders.ts'
import { ApiError } from '../apiError.ts'
import { requireScope, type ApiGate } from '../apiGate.ts'
import { readBody } from '../readBody.ts'
import { Invalid, json, problemsOf, sendError } from './answers.ts'
import { createEventFeed } from './eventFeed.ts'
import { sendEvents } from './events.ts'
import { describeApi, namedSchema, type JsonSchema } from './openApi.ts'
import type { Operation, Parts } from './operation.ts'
import { operations } from './operations.ts'
import { pageOf } from './page.ts'

/** The studio's own API below /api/v1/, as `operations` has it. */

const prefix = '/api/v1'

const routes = operations.map((operation) => {
  const pattern = `^${prefix}${operation.path.replace('{id}', '([^/]{1,200})')}$`
  return {
    operation,
    path: new RegExp(pattern),
    accepts: operation.body && namedSchema(operation.body, 'input'),
  }
})
type Route = (typeof routes)[number]

export interface OwnApi {
  answer(request: Request): Promise<Response>
  /** What a WebSocket at /api/v1/socket is given to; throws why it is refused. */
  socket(request: Request): Promise<(socket: WebSocket) => void>
}

export function createOwn({ studio, gate }: { studio: Studio; gate: ApiGate }): OwnApi {
  const parts: Parts = { studio, gate, feed: createEventFeed(studio) }
  const document = describeApi()
  // What there is to read opens to everybody who reaches the server: it says nothing of the person.
  const readable: Readonly<Record<string, () => Response>> = {
    [`${prefix}/openapi.json`]: () => json(document),
    [`${prefix}/`]: () => {
      const type = { 'Content-Type': 'text/html; charset=utf-8' }
      return new Response(pageOf(document), { headers: { ...securityHeaders, ...type } })
    },
  }
  return {
    async answer(request) {
      try {
        const { pathname } = new URL(request.url)
        if (request.method === 'GET' && readable[pathname]) return readable[pathname]()
        const caller = await gate.callerOf(request)
        const route = routeOf(request.method, pathname)
        requireScope(caller, route.operation.scopes)
        const id = decodeURIComponent(route.path.exec(pathname)![1] ?? '')
        const said = await readCall(route, request, caller.mostBytes)
        const asked = { ...parts, studio: studioAs(studio, keyAsks(caller)) }
        return await route.operation.run(asked, { request, caller, id, ...said })
      } catch (error) {
        return sendError(error)
      }
    },
    async socket(request) {
      const url = new URL(request.url)
      if (url.pathname !== `${prefix}/socket`)
        throw new ApiError(404, `There is no socket at ${url.pathname}.`)
      requireScope(await gate.callerOf(request), ['read'])
      return (socket) => sendEvents(parts, socket, request)
    },
  }
}

function routeOf(method: string, pathname: string): Route {
  const found = routes.filter(({ path }) => path.test(pathname))
  const route = found.find(({ operation }) => operation.method === method)
  if (route) return route
  if (found.length === 0)
    throw new ApiError(404, `There is nothing at ${pathname}; ${prefix}/ tells what there is.`)
  const methods = found.map(({ operation }) => operation.method)
  throw new ApiError(405, `${pathname} answers ${methods.join(' and ')}, not ${method}.`, {
    headers: { Allow: methods.join(', ') },
  })
}

/** Throws `Invalid` with all that does not fit. */
async function readCall({ operation, accepts }: Route, request: Request, mostBytes: number) {
  const given = Object.fromEntries(new URL(request.url).searchParams)
  const query: unknown = operation.query ? check(operation.query, given) : {}
  if (!operation.body) return { query, body: undefined }
  const text = Buffer.from(await readBody(request, mostBytes)).toString()
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    throw new ApiError(400, 'The body is no JSON.')
  }
  const unknown = unknownFields(accepts!, said).map((path) => ({ path, message: 'is not known here' }))
  const { error } = operation.body.safeParse(said, { reportInput: true })
  if (error || unknown.length > 0) throw new Invalid([...unknown, ...problemsOf(error?.issues ?? [])])
  // As it was said: who does the work fills in what was left out, by the model.
  return { query, body: said }
}

function check(schema: NonNullable<Operation['query']>, said: unknown): unknown {
  const { success, data, error } = schema.safeParse(said, { reportInput: true })
  if (success) return data
  throw new Invalid(problemsOf(error.issues))
}

/** The paths of what a schema has no place for, in objects of any depth. */
function unknownFields(schema: JsonSchema, said: unknown, path = ''): string[] {
  const alternatives = [schema, ...(schema.anyOf ?? [])]
  if (Array.isArray(said)) {
    const items = alternatives.find((one) => one.items)?.items
    return items ? said.flatMap((one, index) => unknownFields(items, one, `${path}${index}.`)) : []
  }
  const shapes = alternatives.flatMap(({ properties }) => (properties ? [properties] : []))
  if (typeof said !== 'object' || said === null || shapes.length === 0) return []
  return Object.entries(said).flatMap(([name, value]) => {
    const known = shapes.find((shape) => Object.hasOwn(shape, name))
    return known ? unknownFields(known[name], value, `${path}${name}.`) : [`${path}${name}`]
  })
}
