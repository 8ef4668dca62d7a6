import { dirname, join } from 'node:path'
import { parentPort, type Worker } from 'node:worker_threads'
import type { Channel } from '../../../shared/calls/channel.ts'

/** The channel to a thread. An error that the thread does not answer with ends it, and that is heard. */
export function channelTo(thread: Worker): Channel {
  thread.on('error', () => {})
  return {
    post: (message) => thread.postMessage(message),
    onMessage: (listener) => thread.on('message', listener),
    onClose: (listener) => thread.on('exit', listener),
  }
}

/** The same from inside the thread. */
export const channelFromThread = (): Channel => ({
  post: (message) => parentPort!.postMessage(message),
  onMessage: (listener) => parentPort!.on('message', listener),
  onClose: (listener) => parentPort!.on('close', listener),
})

/** The program of a thread: beside the others as they lie, or beside the engine that was built. */
export const threadProgram = (name: string): string =>
  import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, `${name}.ts`)
    : join(dirname(process.argv[1]), `${name}.js`)
