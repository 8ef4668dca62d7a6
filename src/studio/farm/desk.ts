import { createHash, timingSafeEqual } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import { workerReportSchema, type FarmState } from '../../shared/queue/farm.ts'
import { applicationVersion } from '../paths.ts'
import { sendError } from '../server/assets.ts'
import { securityHeaders } from '../server/securityHeaders.ts'
import type { Board, Posted } from './board.ts'
import type { FarmTask } from './farmTask.ts'
import type { FarmQueue } from './farmQueue.ts'
import { leavesToOthers, whyNot } from './mayDraw.ts'
import { readBody } from './readBody.ts'
import type { Shelf } from './shelf.ts'
import { pictureSchema, progressSchema, takeSchema, unpacked, versionHeader } from './wire.ts'
import type { TakeAnswer, WorkerOrders } from './wire.ts'
import type { Workers } from './workers.ts'

export interface DeskParts {
  board: Board
  queue: FarmQueue
  shelf: Shelf
  workers: Workers
  /** Whether a key opens the farm. */
  isKey: (key: string) => Promise<boolean>
  state: () => Promise<FarmState>
}

/** An image whose worker was silent for so long may be drawn by another one, in ms. */
const silenceMs = 3000

type Answer = (parts: DeskParts, id: string, request: Request) => Promise<Response>

const routes: readonly { method: 'GET' | 'POST'; path: RegExp; answer: Answer }[] = [
  { method: 'GET', path: /^\/farm\/state()$/, answer: async ({ state }) => say(await state()) },
  { method: 'POST', path: /^\/farm\/workers()$/, answer: hear },
  { method: 'POST', path: /^\/farm\/workers\/([^/]{1,300})\/(?:pause|resume)$/, answer: pause },
  { method: 'POST', path: /^\/farm\/images\/([\w-]{1,100})\/take$/, answer: take },
  { method: 'POST', path: /^\/farm\/images\/([\w-]{1,100})\/progress$/, answer: progress },
  { method: 'POST', path: /^\/farm\/images\/([\w-]{1,100})\/picture$/, answer: picture },
  { method: 'POST', path: /^\/farm\/images\/([\w-]{1,100})\/stopped$/, answer: stopped },
  { method: 'GET', path: /^\/farm\/files\/([0-9a-f]{64})$/, answer: sendFile },
  { method: 'GET', path: /^\/farm\/pixels\/([0-9a-f]{64})$/, answer: sendPixels },
]

/** Answers workers, and who asks how the farm stands: below /farm/, to who shows a key and is of this version. */
export const createDesk =
  (parts: DeskParts) =>
  async (request: Request): Promise<Response> => {
    try {
      const { pathname } = new URL(request.url)
      await admit(request, parts)
      const route = routes.find(({ method, path }) => method === request.method && path.test(pathname))
      if (!route) throw new StudioError('not-found', `There is nothing at ${pathname}.`)
      return await route.answer(parts, decodeURIComponent(route.path.exec(pathname)![1]), request)
    } catch (error) {
      return sendError(error)
    }
  }

/** Throws `forbidden` without a key, and `bad-request` for another version. */
async function admit(request: Request, { isKey }: DeskParts): Promise<void> {
  const [, key] = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '') ?? []
  if (key === undefined || !(await isKey(key)))
    throw new StudioError(
      'forbidden',
      'The key is not one of this studio, or may not work for it. Make one: studio keys --add NAME --scope work.',
    )
  const version = request.headers.get(versionHeader)
  if (version === applicationVersion) return
  throw new StudioError(
    'bad-request',
    `The worker is Latent Studio ${version ?? 'of an unknown version'}, and this studio is ${applicationVersion}. Both must be of one version, or the same request may give other pixels: update one of them.`,
  )
}

const say = (answer: object, status = 200): Response =>
  Response.json(answer, { status, headers: { ...securityHeaders, 'Cache-Control': 'no-store' } })

async function hear({ queue, workers }: DeskParts, _: string, request: Request): Promise<Response> {
  const { head } = unpacked(await readBody(request), workerReportSchema)
  workers.heard(head)
  return say({ queue: queue.name, isPaused: workers.isPaused(head.name) } satisfies WorkerOrders)
}

async function pause({ workers }: DeskParts, name: string, request: Request): Promise<Response> {
  await workers.pause(name, new URL(request.url).pathname.endsWith('/pause'))
  return say({})
}

/** Throws `not-found` for an image that nobody waits for. */
function wanted({ board }: DeskParts, id: string): Posted {
  const posted = board.find(id)
  if (posted) return posted
  throw nobodyWaits(id)
}

const nobodyWaits = (id: string): StudioError =>
  new StudioError('not-found', `Nobody waits for ${id} any more.`)

async function take(parts: DeskParts, id: string, request: Request): Promise<Response> {
  const { worker } = unpacked(await readBody(request), takeSchema).head
  const posted = wanted(parts, id)
  const why = whyLater(parts, posted, worker)
  if (why !== null) return say({ later: why } satisfies TakeAnswer<FarmTask>)
  Object.assign(posted, { worker, takenAt: Date.now(), heardAt: Date.now() })
  const task = await posted.image.task().catch((error: unknown) => {
    posted.image.failed(toErrorRecord(error))
    throw nobodyWaits(id)
  })
  return say({ task } satisfies TakeAnswer<FarmTask>)
}

/** Why a worker is not to have an image now; null: it is. */
function whyLater(
  { board, workers }: DeskParts,
  { image, worker, heardAt }: Posted,
  name: string,
): string | null {
  const candidates = workers.candidates()
  const own = candidates.find((one) => one.name === name)
  if (!own) return 'this worker is paused, or has not said what it can do'
  if (worker !== null && worker !== name && Date.now() - heardAt < silenceMs) return `${worker} is drawing it`
  const cannot = whyNot(own, image.needs)
  if (cannot !== null) return cannot
  const waiting = board.all().filter((one) => one.worker === null).length
  const others = candidates.filter((one) => one !== own)
  return leavesToOthers(own, others, image.needs, waiting) ? 'faster workers will have drawn it sooner' : null
}

async function progress(parts: DeskParts, id: string, request: Request): Promise<Response> {
  const { head, bytes } = unpacked(await readBody(request), progressSchema)
  const posted = parts.board.find(id)
  if (!posted || posted.image.isStopped()) return say({ stop: true })
  const { worker, preview, ...where } = head
  Object.assign(posted, { worker, heardAt: Date.now() })
  const isWhole = preview !== null && bytes.length === 3 * preview.width * preview.height
  const { jobId, index: image } = posted.image
  posted.image.told({ jobId, image, ...where }, isWhole ? { ...preview, data: bytes } : null)
  return say({ stop: false })
}

/** The same picture twice is kept once; the second is thanked for as the first. */
async function picture(parts: DeskParts, id: string, request: Request): Promise<Response> {
  const { head, bytes } = unpacked(await readBody(request), pictureSchema)
  const posted = wanted(parts, id)
  const { worker, engineVersion, onnxRuntimeVersion, sha256, ...drawn } = head
  const actual = createHash('sha256').update(bytes).digest()
  if (!timingSafeEqual(actual, Buffer.from(sha256, 'hex')))
    throw new StudioError('bad-download', `The picture of ${id} arrived damaged: its sha256 is another one.`)
  const { image } = posted
  if (drawn.index !== image.index)
    throw new StudioError('bad-request', `${id} is image ${image.index} of its job.`)
  const finished = { ...drawn, jobId: image.jobId, png: bytes }
  parts.board.arrived(id)
  posted.saving ??= image
    .save(finished, { worker, engineVersion, onnxRuntimeVersion })
    .then(() => parts.workers.brought(worker, head.timings.total, image.needs.work))
  await posted.saving.catch((error: unknown) => {
    posted.saving = null
    throw error
  })
  return say({ saved: true })
}

async function stopped({ board }: DeskParts, id: string): Promise<Response> {
  const posted = board.find(id)
  if (posted?.image.isStopped()) posted.image.letGo()
  return say({})
}

/** A file or the rest of it (RFC 9110, 14.2: `bytes=FROM-`). */
async function sendFile({ shelf }: DeskParts, sha256: string, request: Request): Promise<Response> {
  const path = shelf.file(sha256)
  if (path === undefined) throw new StudioError('not-found', `No task names a file ${sha256}.`)
  const { size } = await stat(path)
  const [, given = '0'] = /^bytes=(\d+)-$/.exec(request.headers.get('range') ?? '') ?? []
  const from = Math.min(Number(given), size)
  const isPart = from > 0
  return new Response(
    Readable.toWeb(createReadStream(path, { start: from })) as ReadableStream<Uint8Array> as BodyInit,
    {
      status: isPart ? 206 : 200,
      headers: {
        ...securityHeaders,
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(size - from),
        'Accept-Ranges': 'bytes',
        ...(isPart && { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
      },
    },
  )
}

async function sendPixels({ shelf }: DeskParts, sha256: string): Promise<Response> {
  const picture = shelf.pixels(sha256)
  if (!picture) throw new StudioError('not-found', `No task names a picture ${sha256}.`)
  return new Response(new Uint8Array(picture.data), { headers: securityHeaders })
}
