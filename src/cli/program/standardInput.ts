import { StudioError } from '../../shared/errors.ts'
import { largestInput } from '../../studio/pictures/inputs.ts'

/** The name of a file that stands for the standard input, or the standard output. */
export const pipe = '-'

/** Everything that is piped in. Throws `bad-request` at a terminal, where nothing would come, and beyond 100 MiB. */
export async function readStandardInput(option: string): Promise<Buffer> {
  if (process.stdin.isTTY)
    throw new StudioError('bad-request', `${option}: "${pipe}" reads what is piped in, and nothing is.`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largestInput)
      throw new StudioError('bad-request', `${option}: what is piped in is larger than 100 MiB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
