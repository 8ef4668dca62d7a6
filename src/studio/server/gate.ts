import type { IncomingMessage } from 'node:http'
import type { StudioError } from '../../shared/errors.ts'
import type { Studio } from '../studio.ts'

/** What is served of a studio. */
export type Served = Pick<Studio, 'calls' | 'subscribe' | 'assets'>

/** Decides who comes in, and to whose studio. */
export interface Gate {
  /** Scheme, host and port by which programs know the server. */
  origin: string
  /** What a browser opens. */
  address: string
  /** Why a request from elsewhere is not answered. */
  foreign: StudioError
  /** Whether a request names this server, and comes from no other page. */
  admits(request: IncomingMessage): boolean
  /** Whether a program asks, which comes from no page; it shows a key. */
  isForProgram(request: IncomingMessage): boolean
  /** What the gate itself has to say to a request that it admits: a way in, or out. null: nothing. */
  door(request: IncomingMessage, url: URL): Promise<Response | null>
  /** Why a request is not answered; null where it is. */
  refusal(request: IncomingMessage): StudioError | null
  /** What is served to whom it lets in. */
  studio(request: IncomingMessage): Promise<Served>
}
