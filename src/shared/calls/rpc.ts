import { createBirpc } from 'birpc'
import type { Channel } from './channel.ts'
import { errorCodes, StudioError, toErrorRecord, type ErrorCode } from '../errors.ts'
import { isSaying } from '../notices.ts'

type Functions = object

/** The far side's functions, each as a promise; those named as events are sent without waiting for an answer. */
export type Remote<F extends Functions> = {
  [Name in keyof F]: F[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

/** As birpc writes it: a question (without `i` an event, which nobody answers) or the answer to one. */
type Message =
  { t: 'q'; i?: string; m: string; a: unknown[] } | { t: 's'; i: string; r?: unknown; e?: unknown }

/**
 * Joins two sides over a channel: serves `local` to the far side and gives its functions to call. Only own
 * properties of `local` can be called. There are no time-outs: a call ends with its answer, or with
 * `disconnected` when the channel closes. Errors arrive as StudioError with their code. Events never throw.
 * What is no message of ours is ignored, so a hostile or broken far side cannot bring this one down.
 */
export function connect<RemoteFunctions extends Functions>(
  channel: Channel,
  local: Functions,
  remoteEvents: readonly (keyof RemoteFunctions & string)[] = [],
): Remote<RemoteFunctions> {
  let closed = false
  const rpc = createBirpc<Record<string, (...args: unknown[]) => unknown>, object>(
    Object.assign(Object.create(null) as object, local),
    {
      on: (listener) => channel.onMessage((message) => isMessage(message) && listener(message)),
      post: (message: Message) => {
        const isCall = message.t === 'q' && message.i !== undefined
        if (!closed) channel.post(message)
        else if (isCall) throw disconnected()
      },
      serialize: withError(toErrorRecord),
      deserialize: withError(toError),
      resolver: (name, found) => found ?? (() => Promise.reject(unknownCall(name))),
      // An answer that cannot be sent (its second argument is set) becomes the error that is sent instead.
      onGeneralError: (_error, callName) => callName !== undefined,
      eventNames: [...remoteEvents],
      timeout: -1,
    },
  )
  channel.onClose(() => {
    closed = true
    void rpc.$rejectPendingCalls(({ reject }) => reject(disconnected()))
  })
  return rpc as unknown as Remote<RemoteFunctions>
}

function isMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null) return false
  const { t, i, m, a } = message as Record<string, unknown>
  if (t === 's') return typeof i === 'string'
  return t === 'q' && typeof m === 'string' && Array.isArray(a) && (i === undefined || typeof i === 'string')
}

const withError =
  (convert: (error: unknown) => unknown) =>
  (message: Message): Message =>
    'e' in message && message.e ? { ...message, e: convert(message.e) } : message

function toError(record: unknown): StudioError {
  const { code, message, says } = (record ?? {}) as Record<string, unknown>
  const known = errorCodes.includes(code as ErrorCode) ? (code as ErrorCode) : 'internal'
  const words = typeof message === 'string' ? message : 'The other side failed and did not say why.'
  const isCoded = Array.isArray(says) && says.every(isSaying)
  return new StudioError(known, isCoded ? { message: words, says } : words)
}

const disconnected = (): StudioError =>
  new StudioError('disconnected', 'The connection closed before the answer came.')

const unknownCall = (name: string): StudioError =>
  new StudioError('bad-request', `There is no call named "${name.slice(0, 100)}".`)
