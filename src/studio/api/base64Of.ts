import type { Studio } from '../studio.ts'
import { ApiError } from './apiError.ts'

/** A file of the studio by its asset path. */
export async function base64Of(studio: Studio, path: string): Promise<string> {
  const answer = await studio.assets(new Request(new URL(path, 'http://studio')))
  if (!answer.ok) throw new ApiError(404, `There is no picture at ${path}.`)
  return Buffer.from(await answer.arrayBuffer()).toString('base64')
}
