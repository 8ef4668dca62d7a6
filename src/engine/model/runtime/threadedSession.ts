import { Worker } from 'node:worker_threads'
import { connect } from '../../../shared/calls/rpc.ts'
import type { Session, SessionOptions } from './session.ts'
import type { SessionThread } from './sessionThread.ts'
import { channelTo, threadProgram } from './threadChannel.ts'

/**
 * A session as `openSession` opens it, on a thread of its own: this one goes on meanwhile. What it takes to open counts
 * as no loading, for nobody waits for it.
 */
export async function openSessionOnThread(
  model: Uint8Array,
  { tally, ...options }: SessionOptions,
): Promise<Session> {
  const thread = new Worker(threadProgram('sessionThread'))
  thread.unref()
  const calls = connect<SessionThread>(channelTo(thread), {})
  try {
    const ports = await calls.open(model, options)
    return {
      ...ports,
      async run(inputs) {
        const start = performance.now()
        const outputs = await calls.run(inputs)
        tally.runMs += performance.now() - start
        tally.runs++
        return outputs
      },
      async release() {
        await calls.release()
        await thread.terminate()
      },
    }
  } catch (error) {
    await thread.terminate()
    throw error
  }
}
