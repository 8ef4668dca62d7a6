import { generationRequestSchema, type ResolvedRequest } from '../shared/request.ts'

/** A request out of the database; what an older version did not know yet has its default. */
export function readRequest(text: string): ResolvedRequest {
  const stored = JSON.parse(text) as ResolvedRequest
  const parsed = generationRequestSchema.safeParse(stored)
  return parsed.success ? { ...stored, ...(parsed.data as ResolvedRequest) } : stored
}
