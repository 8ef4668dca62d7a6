import { z } from 'zod'
import { generationRequestSchema, type ResolvedRequest } from '../../../shared/request/request.ts'
import { seedSchema } from '../../../shared/request/seed.ts'

const storedRequestSchema = generationRequestSchema.extend({
  seed: seedSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  turbo: z.boolean().default(false),
})

/**
 * A request out of the database; what an older version did not know yet has its default, and a value outside today's
 * limits stays as it was. Throws an Error that says what is wrong when it is no JSON or a field is missing or of
 * another type.
 */
export function readRequest(text: string): ResolvedRequest {
  const stored: unknown = JSON.parse(text)
  const parsed = storedRequestSchema.safeParse(stored)
  if (parsed.success) return { ...(stored as ResolvedRequest), ...parsed.data }
  const broken = parsed.error.issues.find(({ code }) => code === 'invalid_type' || code === 'invalid_union')
  if (broken) throw new Error(`${broken.path.join('.') || 'the request'}: ${broken.message}`)
  return stored as ResolvedRequest
}
