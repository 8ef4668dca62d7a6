import type { Channel } from '../shared/calls/channel.ts'
import { StudioError } from '../shared/errors.ts'

declare global {
  interface Window {
    /** In Electron: the channel that the preload script exposes. In a browser there is none. */
    latentStudio?: Channel
  }
}

/** Opens the way to the studio: the window's own channel in Electron, else a WebSocket to this page's origin. */
export function openChannel(): Promise<Channel> {
  return window.latentStudio ? Promise.resolve(inJson(window.latentStudio)) : openSocket()
}

/** The bridge clones what crosses it and refuses the proxies of Vue: messages are plain JSON, as over a socket. */
const inJson = (channel: Channel): Channel => ({
  ...channel,
  post: (message) => channel.post(JSON.parse(JSON.stringify(message))),
})

/** Asks the studio itself, and not what the browser keeps of it. */
const itself = { cache: 'no-store', redirect: 'manual' } as const

/** A socket does not say why it could not be opened; the page's own address does. */
async function whyClosed(): Promise<StudioError> {
  const answer = await fetch('/', { ...itself, method: 'HEAD' }).catch(() => null)
  return answer === null || answer.ok
    ? new StudioError('disconnected', 'The studio does not answer.')
    : new StudioError('forbidden', 'The studio does not know this page any more.')
}

function openSocket(): Promise<Channel> {
  const socket = new WebSocket(new URL('/rpc', location.href.replace(/^http/, 'ws')))
  const channel: Channel = {
    // What is asked while it closes ends with the close.
    post: (message) => void (socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message))),
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.addEventListener('close', () => listener(), { once: true }),
  }
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channel), { once: true })
    socket.addEventListener('close', () => void whyClosed().then(reject), { once: true })
  })
}
