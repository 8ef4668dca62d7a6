import { StudioError } from '../../shared/errors.ts'

/** What a worker may send at once: the largest picture as PNG, and room. */
const mostBytes = 512 * 2 ** 20

/** The whole body of a worker's request. Throws `bad-request` for one that is too large. */
export async function readBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > mostBytes)
      throw new StudioError('bad-request', `The body is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
