import type { z } from 'zod'
import { ApiError } from './answers.ts'

/** Bytes that a call may have: sixteen pictures of 50 MiB are the API's, of which all may lie in memory here. */
const mostBytes = 200 * 2 ** 20

/** What a call says, and its files by the name of their field. Throws `ApiError`: 413, 415, 422. */
export async function readCall<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<{ said: z.output<Schema>; files: Map<string, File[]> }> {
  const type = request.headers.get('content-type') ?? ''
  const whole = new Response(await readAll(request), { headers: { 'content-type': type } })
  if (type.startsWith('multipart/form-data')) {
    const form = await whole.formData().catch(() => null)
    if (!form) throw new ApiError(400, 'The body is no multipart form.')
    const { fields, files } = partsOf(form)
    return { said: check(schema, fields), files }
  }
  if (!type.startsWith('application/json'))
    throw new ApiError(415, `The body must be JSON or a multipart form, found "${type}".`)
  const read: unknown = await whole.json().catch(() => {
    throw new ApiError(400, 'The body is no JSON.')
  })
  return { said: check(schema, read), files: new Map() }
}

function partsOf(form: FormData) {
  const fields: Record<string, string> = {}
  const files = new Map<string, File[]>()
  for (const [written, value] of form) {
    const name = written.replace(/\[\d*\]$/, '')
    if (typeof value === 'string') fields[name] = value
    else files.set(name, [...(files.get(name) ?? []), value])
  }
  return { fields, files }
}

function check<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const { success, data, error } = schema.safeParse(given)
  if (success) return data
  const [issue] = error.issues
  const param = issue.path.join('.')
  if (issue.code === 'unrecognized_keys')
    throw new ApiError(422, `There is no parameter ${issue.keys.join(', ')}.`, issue.keys[0])
  throw new ApiError(422, `${param || 'The body'}: ${issue.message}`, param || null)
}

async function readAll(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > mostBytes) throw new ApiError(413, 'The body is larger than 200 MiB.')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
