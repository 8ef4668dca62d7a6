import type { WebSocket } from 'ws'
import type { Channel } from '../shared/channel.ts'

/** JSON over a WebSocket. What is no JSON ends the connection: our clients never send it. */
export function webSocketChannel(socket: WebSocket): Channel {
  return {
    post: (message) => void (socket.readyState === socket.OPEN && socket.send(JSON.stringify(message))),
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
