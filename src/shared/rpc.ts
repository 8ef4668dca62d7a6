import { createBirpc } from 'birpc'
import type { Channel } from './channel.ts'
import { StudioError, toErrorRecord, type ErrorRecord } from './errors.ts'

type Functions = object

/** The far side's functions, each as a promise; those named as events are sent without waiting for an answer. */
export type Remote<F extends Functions> = {
  [Name in keyof F]: F[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

/**
 * Joins two sides over a channel: serves `local` to the far side and gives its functions to call. Only own
 * properties of `local` can be called. There are no time-outs: a call ends with its answer, or with
 * `disconnected` when the channel closes. Errors arrive as StudioError with their code.
 */
export function connect<RemoteFunctions extends Functions>(
  channel: Channel,
  local: Functions,
  remoteEvents: readonly (keyof RemoteFunctions & string)[] = [],
): Remote<RemoteFunctions> {
  const served = Object.assign(Object.create(null) as object, local)
  const rpc = createBirpc<Record<string, (...args: unknown[]) => unknown>, object>(served, {
    post: (message) => channel.post(message),
    on: (listener) => channel.onMessage(listener),
    serialize: (message) => ('e' in message && message.e ? { ...message, e: toErrorRecord(message.e) } : message),
    deserialize: (message) => ('e' in message && message.e ? { ...message, e: toError(message.e) } : message),
    eventNames: [...remoteEvents],
    timeout: -1,
  })
  channel.onClose(() => rpc.$close(new StudioError('disconnected', 'The connection closed before the answer came.')))
  return rpc as unknown as Remote<RemoteFunctions>
}

const toError = ({ code, message }: ErrorRecord): StudioError => new StudioError(code, message)
