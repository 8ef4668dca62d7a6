import { createHash } from 'node:crypto'
import { z } from 'zod'
import { securityHeaders } from '../../server/securityHeaders.ts'
import { applicationVersion } from '../../paths.ts'
import { imageFormats } from '../../../shared/assetPaths.ts'
import { operation, type Call, type Operation, type Parts } from './operation.ts'
import { json } from './answers.ts'
import { pictureBody, pictureSchema } from './schemas.ts'

const page = z.object({
  items: z.array(pictureSchema),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
})

export const pictureOperations: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/pictures',
    name: 'searchPictures',
    summary: 'Pictures of the library, newest first: all, or those that a search finds ("house steps>30").',
    scopes: ['read'],
    query: z.strictObject({
      search: z.string().max(1000).default(''),
      cursor: z.string().max(1000).optional().describe('nextCursor of the page before.'),
      limit: z.coerce.number().int().min(1).max(200).default(60),
    }),
    answered: { status: 200, schema: page, description: 'A page.' },
    async run({ studio }, { query: { search, cursor = null, limit } }) {
      const { items, nextCursor, total } = await studio.calls.history({ search, cursor, limit })
      return json({ items: items.map(pictureBody), nextCursor, total })
    },
  }),
  operation({
    method: 'GET',
    path: '/pictures/{id}',
    name: 'getPicture',
    summary: 'What is known of a picture. With an ETag; 304 where it is the same.',
    scopes: ['read', 'generate'],
    answered: { status: 200, schema: pictureSchema, description: 'The picture.' },
    async run({ studio }, { id, request }) {
      const body = JSON.stringify(pictureBody(await studio.calls.image(id)))
      const tag = `"${createHash('sha256').update(body).digest('base64url')}"`
      if (hasTag(request, tag)) return unchanged(tag)
      const type = { 'Content-Type': 'application/json' }
      return new Response(body, { headers: { ...securityHeaders, ...type, ...caching(tag) } })
    },
  }),
  operation({
    method: 'GET',
    path: '/pictures/{id}/file',
    name: 'getPictureFile',
    summary: 'The picture itself, with how it was made inside. With an ETag; 304 where it is the same.',
    scopes: ['read', 'generate'],
    query: z.strictObject({ format: z.enum(imageFormats).default('png') }),
    answered: {
      status: 200,
      type: 'image/png',
      description: 'A PNG, or a JPEG or WebP where that was asked for.',
    },
    run: (parts, call) => sendFile(parts, call, `/images/${call.id}.${call.query.format}`),
  }),
  operation({
    method: 'GET',
    path: '/pictures/{id}/thumbnail',
    name: 'getThumbnail',
    summary: 'A small WebP of the picture, at most 384 pixels a side. With an ETag.',
    scopes: ['read', 'generate'],
    answered: { status: 200, type: 'image/webp', description: 'A WebP.' },
    run: (parts, call) => sendFile(parts, call, `/thumbnails/${call.id}.webp`),
  }),
]

/** The pixels of an id never change; what is written beside them may with the program. */
async function sendFile({ studio }: Parts, { request, id }: Call, path: string): Promise<Response> {
  const tag = `"${createHash('sha256').update(`${path} ${applicationVersion}`).digest('base64url')}"`
  await studio.calls.image(id)
  if (hasTag(request, tag)) return unchanged(tag)
  const answer = await studio.assets(new Request(new URL(path, request.url)))
  for (const [name, value] of Object.entries(caching(tag))) answer.headers.set(name, value)
  return answer
}

const hasTag = (request: Request, tag: string): boolean =>
  (request.headers.get('if-none-match') ?? '')
    .split(',')
    .some((given) => [tag, '*'].includes(given.trim().replace(/^W\//, '')))

/** Asked for again each time: what was deleted must not be shown. */
const caching = (tag: string) => ({ ETag: tag, 'Cache-Control': 'private, no-cache' })

const unchanged = (tag: string): Response =>
  new Response(null, { status: 304, headers: { ...securityHeaders, ...caching(tag) } })
