import type { Studio } from '../studio.ts'
import { createA1111 } from './a1111/a1111.ts'
import { createApiGate } from './apiGate.ts'
import { createOpenAi } from './openai/openai.ts'
import { signPictures } from './signedPictures.ts'

/** What answers other programs, by the origin of the server. */
export type Api = (origin: string) => (request: Request) => Promise<Response>

/** Whether a path is a program's, not the window's. */
export const isApiPath = (pathname: string): boolean => /^\/(?:v1|sdapi\/v1|controlnet)\//.test(pathname)

interface ApiOptions {
  studio: Studio
  /** Where the keys lie. */
  dataFolder: string
  /** Programs that show no key may draw and look: for clients that cannot send one, on a server that only this machine reaches. */
  withoutKey?: boolean
}

export function createApi({ studio, dataFolder, withoutKey = false }: ApiOptions): Api {
  const gate = createApiGate({ dataFolder, withoutKey })
  const a1111 = createA1111({ studio, gate, dataFolder })
  return (origin) => {
    const openAi = createOpenAi({ studio, gate, pictures: signPictures(origin) })
    return (request) => (new URL(request.url).pathname.startsWith('/v1/') ? openAi : a1111)(request)
  }
}
