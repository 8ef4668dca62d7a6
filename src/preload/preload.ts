import { contextBridge, ipcRenderer } from 'electron'
import type { Channel } from '../shared/calls/channel.ts'

/**
 * All that the page gets of Electron: one channel of plain functions. Never `ipcRenderer` itself, and no event
 * objects, which carry it.
 */
const channel: Channel = {
  post: (message) => ipcRenderer.send('studio', message),
  onMessage: (listener) => void ipcRenderer.on('studio', (_event, message) => listener(message)),
  onClose: (listener) => void ipcRenderer.once('studio-closed', () => listener()),
}

contextBridge.exposeInMainWorld('latentStudio', channel)
