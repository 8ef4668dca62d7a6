import type { z } from 'zod'
import { fieldProblem } from '../../checkedCalls.ts'
import { ApiError } from '../apiError.ts'
import type { Caller } from '../apiGate.ts'
import { readBody } from '../readBody.ts'
import { BadBody, type Problem } from './answers.ts'

/** A call that was let in. */
export interface Call {
  request: Request
  caller: Caller
}

/** What a call says, whatever it calls its type: clients forget to. Throws 400, 413, `BadBody`. */
export async function readCall<Schema extends z.ZodType>(
  { request, caller }: Call,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = Buffer.from(await readBody(request, caller.mostBytes)).toString()
  let said: unknown
  try {
    said = text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    throw new ApiError(400, 'The body is no JSON.')
  }
  return check(schema, said)
}

/** Throws all that is wrong. `within` is the place of the value in the body. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  said: unknown,
  within: readonly string[] = [],
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(said, { reportInput: true })
  if (success) return data
  throw new BadBody(error.issues.flatMap((issue) => problemsOf(issue, within)))
}

function problemsOf(issue: z.core.$ZodIssue, within: readonly string[]): Problem[] {
  const loc = [
    'body',
    ...within,
    ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  ]
  if (issue.code !== 'unrecognized_keys')
    return [
      { loc, msg: fieldProblem(issue), type: issue.code === 'invalid_type' ? 'type_error' : 'value_error' },
    ]
  return issue.keys.map((key) => ({ loc: [...loc, key], msg: 'is not known here', type: 'extra_forbidden' }))
}
