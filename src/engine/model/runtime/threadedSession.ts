import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { connect } from '../../../shared/rpc.ts'
import type { Session, SessionOptions } from './session.ts'
import type { SessionThread } from './sessionThread.ts'

/** The program of the thread: beside this file, or beside the engine that was built. */
const program = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'sessionThread.ts')
  : join(dirname(process.argv[1]), 'sessionThread.js')

/**
 * A session as `openSession` opens it, on a thread of its own: this one goes on meanwhile. What it takes to open counts
 * as no loading, for nobody waits for it.
 */
export async function openSessionOnThread(
  model: Uint8Array,
  { tally, ...options }: SessionOptions,
): Promise<Session> {
  const thread = new Worker(program)
  thread.unref()
  const calls = connect<SessionThread>(
    {
      post: (message) => thread.postMessage(message),
      onMessage: (listener) => thread.on('message', listener),
      onClose: (listener) => thread.on('exit', listener),
    },
    {},
  )
  // An error that it does not answer with ends it, and that is heard.
  thread.on('error', () => {})
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
