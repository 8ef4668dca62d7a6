import { ApiError } from '../apiError.ts'
import { requireScope, type ApiGate } from '../apiGate.ts'
import type { Scope } from '../apiKeys.ts'
import { keyAsks, studioAs } from '../../jobs/queue/asking.ts'
import type { Studio } from '../../studio.ts'
import { json, sendError } from './answers.ts'
import { createCalls } from './calls.ts'
import { img2img, txt2img, type Parts } from './draw.ts'
import { extraSingleImage } from './extras.ts'
import { dictionary } from './fields.ts'
import { lists } from './lists.ts'
import { openOptions } from './options.ts'
import { pngInfo } from './pngInfo.ts'
import { readCall, type Call } from './readCall.ts'

/** AUTOMATIC1111's HTTP API (1.10.1, modules/api/api.py) over the studio, and the lists of its ControlNet extension. */

type Answer = (parts: Parts, call: Call) => Promise<Response>
interface Route {
  /** Any of them will do. */
  scopes: readonly Scope[]
  answer: Answer
}

const drawing = (answer: Answer): Route => ({ scopes: ['generate'], answer })
const looking = (answer: Answer): Route => ({ scopes: ['generate', 'read'], answer })

const routes: Readonly<Record<string, Route>> = {
  ...Object.fromEntries(
    Object.entries(lists).map(([path, list]) => [
      `GET ${path}`,
      looking(async ({ studio }) => json(await list(studio))),
    ]),
  ),
  'POST /sdapi/v1/txt2img': drawing(txt2img),
  'POST /sdapi/v1/img2img': drawing(img2img),
  // Where the first versions of the ControlNet extension were asked.
  'POST /controlnet/txt2img': drawing(txt2img),
  'POST /controlnet/img2img': drawing(img2img),
  'POST /sdapi/v1/extra-single-image': drawing(extraSingleImage),
  'POST /sdapi/v1/png-info': looking(pngInfo),
  'GET /sdapi/v1/progress': drawing(async ({ calls }, { request, caller }) => {
    const skips = new URL(request.url).searchParams.get('skip_current_image')
    return json(await calls.progress(caller.id, skips !== 'true' && skips !== 'True' && skips !== '1'))
  }),
  'POST /sdapi/v1/interrupt': drawing(async ({ calls }, { caller }) => {
    calls.interrupt(caller.id)
    return json({})
  }),
  'POST /sdapi/v1/skip': drawing(async ({ calls }, { caller }) => {
    calls.skip(caller.id)
    return json({})
  }),
  'GET /sdapi/v1/options': looking(async ({ options }) => json(await options.list())),
  'POST /sdapi/v1/options': drawing(async ({ options }, call) =>
    json(await options.change((await readCall(call, dictionary)) ?? {})),
  ),
  ...Object.fromEntries(
    ['checkpoints', 'vae', 'loras', 'embeddings'].map((kind) => [
      `POST /sdapi/v1/refresh-${kind}`,
      { scopes: ['generate', 'manage'], answer: rescan } satisfies Route,
    ]),
  ),
}

async function rescan({ studio }: Parts): Promise<Response> {
  await studio.calls.rescanModels()
  return json({})
}

/** Answers everything below /sdapi/v1/ and /controlnet/ to who has a key. */
export function createA1111({
  studio,
  gate,
  dataFolder,
}: {
  studio: Studio
  gate: ApiGate
  dataFolder: string
}): (request: Request) => Promise<Response> {
  const parts: Parts = { studio, options: openOptions(studio, dataFolder), calls: createCalls(studio) }
  return async (request) => {
    try {
      const caller = await gate.callerOf(request)
      const { pathname } = new URL(request.url)
      const route = routes[`${request.method} ${pathname.replace(/\/$/, '')}`]
      if (!route) throw new ApiError(404, `There is nothing at ${request.method} ${pathname}.`)
      requireScope(caller, route.scopes)
      return await route.answer({ ...parts, studio: studioAs(studio, keyAsks(caller)) }, { request, caller })
    } catch (error) {
      return sendError(error)
    }
  }
}
