import type { ChildProcess } from 'node:child_process'
import type { Channel } from '../../shared/calls/channel.ts'

/** The parent's end of the channel to a child process that was spawned with one. */
export function childChannel(child: ChildProcess): Channel {
  return {
    // The callback takes the error of a pipe that broke: the end of the process tells the rest.
    post: (message) => void (child.connected && child.send(message as object, () => {})),
    onMessage: (listener) => void child.on('message', listener),
    onClose(listener) {
      let closed = false
      const close = (): void => {
        if (!closed) listener()
        closed = true
      }
      child.once('disconnect', close).once('exit', close).once('error', close)
    },
  }
}
