import type { z } from 'zod'
import { ApiError } from '../apiError.ts'
import { readBody } from '../readBody.ts'

/** What a call says, and its files by the name of their field. Throws `ApiError`: 413, 415, 422. */
export async function readCall<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  mostBytes: number,
): Promise<{ said: z.output<Schema>; files: Map<string, File[]> }> {
  const type = request.headers.get('content-type') ?? ''
  const whole = new Response(await readBody(request, mostBytes), { headers: { 'content-type': type } })
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
    throw new ApiError(422, `There is no parameter ${issue.keys.join(', ')}.`, { param: issue.keys[0] })
  throw new ApiError(422, `${param || 'The body'}: ${issue.message}`, { param: param || null })
}
