import type { IpcMainEvent, WebContents } from 'electron'
import type { Channel } from '../shared/calls/channel.ts'
import { isOurs } from './origin.ts'

/**
 * Hands out a channel for every page that a window loads, over Electron's IPC; it closes when the page goes: at a
 * reload, a crash of its process, or the end of the window. Only the main frame showing our own page is heard.
 */
export function serveWindow(contents: WebContents, connect: (channel: Channel) => void): void {
  let closePage = (): void => {}

  contents.on('did-navigate', () => {
    closePage()
    const { channel, close } = openPageChannel(contents)
    closePage = close
    connect(channel)
  })
  contents.on('render-process-gone', () => closePage())
  contents.once('destroyed', () => closePage())
}

function openPageChannel(contents: WebContents): { channel: Channel; close: () => void } {
  const closeListeners: (() => void)[] = []

  const channel: Channel = {
    post(message) {
      if (!contents.isDestroyed()) contents.send('studio', message)
    },
    onMessage(listener) {
      const hear = (event: IpcMainEvent, message: unknown): void => {
        if (isOurPage(event)) listener(message)
      }
      contents.ipc.on('studio', hear)
      closeListeners.push(() => contents.ipc.off('studio', hear))
    },
    onClose: (listener) => void closeListeners.push(listener),
  }
  const close = (): void => closeListeners.splice(0).forEach((listener) => listener())
  return { channel, close }
}

const isOurPage = ({ senderFrame }: IpcMainEvent): boolean =>
  senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url)
