import type { Channel } from '../../shared/calls/channel.ts'
import { eventNames, type StudioEvents } from '../../shared/calls/contract.ts'
import { connect, type Remote } from '../../shared/calls/rpc.ts'
import type { Served } from './gate.ts'

/** Serves the studio's calls over a channel and sends it every event, until it closes; answers whom it serves. */
export function serveChannel(
  studio: Pick<Served, 'calls' | 'subscribe'>,
  channel: Channel,
): Remote<StudioEvents> {
  const client = connect<StudioEvents>(channel, studio.calls, eventNames)
  const unsubscribe = studio.subscribe(client)
  channel.onClose(unsubscribe)
  return client
}
