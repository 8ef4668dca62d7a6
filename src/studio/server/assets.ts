import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { InputImage } from '../../shared/library/history.ts'
import type { TakenList } from '../../shared/calls/promptCalls.ts'
import type { Inspection } from '../../shared/library/generation.ts'
import { StudioError, toErrorRecord, type ErrorCode, type ErrorRecord } from '../../shared/errors.ts'
import type { GridWithImages } from '../../shared/grids/gridCalls.ts'
import { wholePage } from '../grids/exportGrid.ts'
import { gridSheet } from '../grids/gridSheet.ts'
import { exportPicture } from '../pictures/exportPicture.ts'
import type { History } from '../history/history.ts'
import type { ImageFiles } from '../pictures/imageFiles.ts'
import { convertToPng, pictureHeader } from '../pictures/images.ts'
import { largestInput, type Inputs } from '../pictures/inputs.ts'
import type { PictureExports } from '../pictures/pictureExports.ts'
import type { PreviewFile } from '../pictures/previews.ts'
import { listTooLarge, type PromptLists } from '../prompts/promptLists.ts'
import { largestFile } from '../prompts/wildcards.ts'
import { inspectPicture } from '../metadata/readGeneration.ts'
import { securityHeaders } from './securityHeaders.ts'

export type AssetHandler = (request: Request) => Promise<Response>

export interface AssetParts {
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  exports: PictureExports
  lists: PromptLists
  preview(jobId: string): PreviewFile | null
  /** A small WebP of a model file; null: it has none. */
  modelPicture(id: string): Promise<Uint8Array | null>
  /** Throws `not-found`. */
  grid(id: string): Promise<GridWithImages>
}

const routes: readonly { path: RegExp; method: 'GET' | 'POST'; answer: Answer }[] = [
  { path: /^\/images\/([\w-]{1,100})\.png$/, method: 'GET', answer: sendImage },
  { path: /^\/images\/([\w-]{1,100})$/, method: 'GET', answer: sendOriginal },
  { path: /^\/images\/([\w-]{1,100})\.(?:jpg|webp)$/, method: 'GET', answer: sendConverted },
  { path: /^\/thumbnails\/([\w-]{1,100})\.webp$/, method: 'GET', answer: sendThumbnail },
  { path: /^\/previews\/([\w-]{1,100})\/\d{1,9}$/, method: 'GET', answer: sendPreview },
  { path: /^\/model-pictures\/([^/]{1,1000})\/[0-9a-f]{1,40}$/, method: 'GET', answer: sendModelPicture },
  { path: /^\/grids\/([\w-]{1,100})\.(?:png|html)$/, method: 'GET', answer: sendGrid },
  { path: /^\/exports\/([\w-]{1,100})\.zip$/, method: 'GET', answer: sendExport },
  { path: /^\/inputs\/([0-9a-f]{64})$/, method: 'GET', answer: sendInput },
  { path: /^\/inputs$/, method: 'POST', answer: takeInput },
  { path: /^\/inspect$/, method: 'POST', answer: inspect },
  { path: /^\/lists\/([^/]{1,1000})$/, method: 'POST', answer: takeList },
]

type Answer = (parts: AssetParts, id: string, request: Request) => Promise<Response>

/** The methods that a picture's path answers to; none where there is no such path. */
export function assetMethods(pathname: string): readonly string[] {
  const route = routes.find(({ path }) => path.test(pathname))
  if (!route) return []
  return route.method === 'GET' ? pageMethods : [route.method]
}

/** What every path answers to that is looked at only. */
export const pageMethods: readonly string[] = ['GET', 'HEAD']

/**
 * Answers requests for pictures (`assetPaths` of the contract) for the server and for Electron's protocol. Ids
 * are looked up, never joined into a path before they were found. Errors are ErrorRecords as JSON.
 */
export function createAssetHandler(parts: AssetParts): AssetHandler {
  return async (request) => {
    try {
      const { pathname } = new URL(request.url)
      const route = routes.find(({ path }) => path.test(pathname))
      if (!route) throw new StudioError('not-found', `There is nothing at ${pathname}.`)
      const methods = assetMethods(pathname)
      if (!methods.includes(request.method)) return refuseMethod(request.method, pathname, methods)
      const answer = await route.answer(parts, route.path.exec(pathname)?.[1] ?? '', request)
      return request.method === 'HEAD' ? new Response(null, answer) : answer
    } catch (error) {
      return sendError(error)
    }
  }
}

async function sendImage({ history, imageFiles }: AssetParts, id: string): Promise<Response> {
  const record = history.image(id)
  return send(await exportPicture(await imageFiles.read(record.path), record, 'png'), 'image/png', lasting)
}

async function sendOriginal({ history, imageFiles }: AssetParts, id: string): Promise<Response> {
  const path = history.pathOf(id)
  const picture = await imageFiles.read(path)
  const { format } = await pictureHeader(picture, basename(path))
  if (!shownFormats.includes(format)) return send(await convertToPng(picture), 'image/png', lasting)
  return send(picture, `image/${format}`, lasting)
}

/** The picture as JPEG or WebP, with its generation data in the EXIF as AUTOMATIC1111 writes it. */
async function sendConverted(
  { history, imageFiles }: AssetParts,
  id: string,
  request: Request,
): Promise<Response> {
  const record = history.image(id)
  const format = new URL(request.url).pathname.endsWith('.jpg') ? 'jpeg' : 'webp'
  const picture = await exportPicture(await imageFiles.read(record.path), record, format)
  return send(picture, `image/${format}`, lasting)
}

async function sendThumbnail({ history, imageFiles }: AssetParts, id: string): Promise<Response> {
  return send(await readFile(await imageFiles.thumbnail(id, history.pathOf(id))), 'image/webp', lasting)
}

/** A job that was overtaken has no preview any more: nothing to see, and no error either. */
async function sendPreview({ preview }: AssetParts, jobId: string): Promise<Response> {
  const file = preview(jobId)
  if (!file) return new Response(null, { status: 204, headers: securityHeaders })
  return send(file.bytes, file.type, 'no-store')
}

async function sendModelPicture({ modelPicture }: AssetParts, id: string): Promise<Response> {
  const bytes = await modelPicture(decodeURIComponent(id))
  if (!bytes) return new Response(null, { status: 204, headers: securityHeaders })
  return send(bytes, 'image/webp', lasting)
}

async function sendGrid({ grid, imageFiles }: AssetParts, id: string, request: Request): Promise<Response> {
  const found = await grid(id)
  if (new URL(request.url).pathname.endsWith('.png'))
    return send(await gridSheet(found), 'image/png', 'no-store')
  // It is a file for the disk: as a page of the studio it would have the studio's rights.
  const facts = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Disposition': 'attachment' }
  return new Response(Readable.toWeb(Readable.from(wholePage(found, imageFiles))) as ReadableStream, {
    headers: { ...securityHeaders, ...facts, 'Cache-Control': 'no-store' },
  })
}

/** An archive of pictures, written while it is sent. */
async function sendExport({ exports }: AssetParts, name: string): Promise<Response> {
  const body = Readable.toWeb(Readable.from(exports.archive(name))) as ReadableStream<Uint8Array>
  const facts = { 'Content-Type': 'application/zip', 'Cache-Control': 'no-store' }
  return Promise.resolve(new Response(body, { headers: { ...securityHeaders, ...facts } }))
}

/** Formats every browser shows; the others are sent as PNG. SVG is never sent as it is: it may hold scripts. */
const shownFormats = ['png', 'jpeg', 'webp', 'gif']

async function sendInput({ inputs }: AssetParts, id: string): Promise<Response> {
  const { path, format } = await inputs.original(id)
  if (!shownFormats.includes(format)) return send(await convertToPng(path), 'image/png', lasting)
  return send(await readFile(path), `image/${format}`, lasting)
}

async function takeInput({ inputs }: AssetParts, _id: string, request: Request): Promise<Response> {
  const input: InputImage = await inputs.add(await readPicture(request))
  return Response.json(input, { headers: securityHeaders })
}

async function takeList({ lists }: AssetParts, name: string, request: Request): Promise<Response> {
  const fileName = decodeURIComponent(name)
  const bytes = await readBody(request, largestFile, () => listTooLarge(fileName))
  const taken: TakenList = await lists.add(fileName, bytes)
  return Response.json(taken, { headers: securityHeaders })
}

/** What a file tells of how it was made. */
async function inspect(_parts: AssetParts, _id: string, request: Request): Promise<Response> {
  const answer: Inspection = { generation: await inspectPicture(Buffer.from(await readPicture(request))) }
  return Response.json(answer, { headers: securityHeaders })
}

const readPicture = (request: Request): Promise<Uint8Array> =>
  readBody(
    request,
    largestInput,
    () =>
      new StudioError('bad-init-image', 'The picture is larger than 100 MiB. Save it smaller and try again.'),
  )

/** Reads up to so many bytes; of more it says what is too large. */
async function readBody(request: Request, most: number, tooLarge: () => StudioError): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > most) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const lasting = 'private, max-age=86400, immutable'

function send(body: Uint8Array, type: string, caching: string): Response {
  const facts = { 'Content-Type': type, 'Content-Length': String(body.length), 'Cache-Control': caching }
  return new Response(new Uint8Array(body), { headers: { ...securityHeaders, ...facts } })
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'bad-init-image': 422,
  'bad-list': 422,
  'bad-metadata': 422,
  forbidden: 403,
  'not-found': 404,
  'disk-full': 507,
}

/** The answer to a method that a path does not know (RFC 9110, 15.5.6). */
export function refuseMethod(method: string, pathname: string, methods: readonly string[]): Response {
  const message = `${pathname} answers ${methods.join(' and ')}, not ${method}.`
  const headers = { ...securityHeaders, Allow: methods.join(', ') }
  return Response.json({ code: 'bad-request', message } satisfies ErrorRecord, { status: 405, headers })
}

/** An error as an answer over HTTP. */
export function sendError(error: unknown): Response {
  const record = toErrorRecord(error)
  return Response.json(record, { status: statuses[record.code] ?? 500, headers: securityHeaders })
}
