import type { WebSocket } from 'ws'
import type { Studio } from '../studio.ts'
import { createA1111 } from './a1111/a1111.ts'
import { createApiGate } from './apiGate.ts'
import { createOpenAi } from './openai/openai.ts'
import { createOwn } from './own/own.ts'
import { signPictures } from './signedPictures.ts'

/** What answers other programs. */
interface ApiAnswers {
  answer(request: Request): Promise<Response>
  /** What a WebSocket is given to; throws why it is refused. */
  socket(request: Request): Promise<(socket: WebSocket) => void>
}

/** By the origin of the server. */
export type Api = (origin: string) => ApiAnswers

interface ApiOptions {
  studio: Studio
  /** Where the keys lie. */
  dataFolder: string
  /** Programs that show no key may draw and look: for clients that cannot send one, on a server that only this machine reaches. */
  withoutKey?: boolean
}

export function createApi({ studio, dataFolder, withoutKey = false }: ApiOptions): Api {
  const gate = createApiGate({ dataFolder, withoutKey })
  const own = createOwn({ studio, gate })
  const a1111 = createA1111({ studio, gate, dataFolder })
  return (origin) => {
    const openAi = createOpenAi({ studio, gate, pictures: signPictures(origin) })
    const answers = { v1: openAi, api: own.answer, sdapi: a1111, controlnet: a1111 }
    const room = (request: Request) => new URL(request.url).pathname.split('/')[1] as keyof typeof answers
    return { answer: (request) => answers[room(request)](request), socket: own.socket }
  }
}
