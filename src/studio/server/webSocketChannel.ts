import type { WebSocket } from 'ws'
import type { Channel } from '../../shared/calls/channel.ts'

/** Bytes that may wait for a client to read them. One that is further behind has gone or never meant to read. */
const mostUnread = 32 * 2 ** 20

/**
 * JSON over a WebSocket. What is no JSON ends the connection (our clients never send it), and so do more than 32 MiB
 * that the far side has not read.
 */
export function webSocketChannel(socket: WebSocket): Channel {
  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > mostUnread) socket.terminate()
      else socket.send(JSON.stringify(message))
    },
    onMessage(listener) {
      socket.on('message', (data: Buffer) => {
        let message: unknown
        try {
          message = JSON.parse(data.toString())
        } catch {
          return socket.close(1003, 'not JSON')
        }
        listener(message)
      })
    },
    onClose: (listener) => void socket.on('close', listener).on('error', () => socket.terminate()),
  }
}
