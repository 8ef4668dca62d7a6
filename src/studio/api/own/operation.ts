import type { z } from 'zod'
import type { Studio } from '../../studio.ts'
import type { ApiGate, Caller } from '../apiGate.ts'
import type { Scope } from '../apiKeys.ts'
import type { EventFeed } from './eventFeed.ts'

export interface Parts {
  studio: Studio
  gate: ApiGate
  feed: EventFeed
}

/** A call that was let in, with what it says. */
export interface Call<Query = unknown, Body = unknown> {
  request: Request
  caller: Caller
  /** What the path names; '' where it names nothing. */
  id: string
  query: Query
  body: Body
}

/** What an operation answers when all is well. */
interface Answered {
  status: number
  /** Of JSON; other types have no schema. */
  schema?: z.ZodType
  type?: string
  description: string
}

/** One call of the API: what is served and what is described are the same. */
export interface Operation<Query = unknown, Body = unknown> {
  method: 'GET' | 'POST'
  /** Below /api/v1, with {id} for what it names. */
  path: string
  name: string
  summary: string
  /** Any of them will do. */
  scopes: readonly Scope[]
  query?: z.ZodType<Query>
  body?: z.ZodType<Body>
  answered: Answered
  run(parts: Parts, call: Call<Query, Body>): Promise<Response>
}

export const operation = <Query, Body>(described: Operation<Query, Body>): Operation => described
