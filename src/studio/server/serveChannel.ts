import type { Channel } from '../../shared/calls/channel.ts'
import { eventNames, type StudioEvents } from '../../shared/calls/contract.ts'
import { connect, type Remote } from '../../shared/calls/rpc.ts'
import type { Served } from './gate.ts'
import { tellProgress } from './tellProgress.ts'

/** Told without waiting for an answer; whether a window has taken a job's progress is heard. */
const unanswered = eventNames.filter((name) => name !== 'progress')

/** Serves the studio's calls over a channel and sends it every event, until it closes; answers whom it serves. */
export function serveChannel(
  studio: Pick<Served, 'calls' | 'subscribe'>,
  channel: Channel,
): Remote<StudioEvents> {
  const client = connect<StudioEvents>(channel, studio.calls, unanswered)
  const { progress, jobChanged } = tellProgress(client.progress)
  const told = Object.fromEntries(unanswered.map((name) => [name, client[name]])) as Partial<StudioEvents>
  const subscriptions = [studio.subscribe({ progress, jobChanged }), studio.subscribe(told)]
  channel.onClose(() => subscriptions.forEach((unsubscribe) => unsubscribe()))
  return client
}
