import type { Studio } from '../studio.ts'
import { createApiGate } from './apiGate.ts'
import { createOpenAi } from './openai/openai.ts'
import { signPictures } from './signedPictures.ts'

/** What answers other programs, by the origin of the server. */
export type Api = (origin: string) => (request: Request) => Promise<Response>

/** Whether a path is a program's, not the window's. */
export const isApiPath = (pathname: string): boolean => pathname.startsWith('/v1/')

interface ApiOptions {
  studio: Studio
  /** Where the keys lie. */
  dataFolder: string
  /** Programs that show no key may draw and look: for clients that cannot send one, on a server that only this machine reaches. */
  withoutKey?: boolean
}

export function createApi({ studio, dataFolder, withoutKey = false }: ApiOptions): Api {
  const gate = createApiGate({ dataFolder, withoutKey })
  return (origin) => createOpenAi({ studio, gate, pictures: signPictures(origin) })
}
