import { existsSync } from 'node:fs'
import path from 'node:path'
import { app } from 'electron'
import { addToLog } from '../studio/log.ts'
import type { Studio } from '../studio/studio.ts'
import { askToFetch } from './dialogs.ts'
import type { Windows } from './windows.ts'
import { saying } from '../shared/notices.ts'

/** Whether the program was packaged with an address where newer ones are published; never in development. */
export const canUpdate = (): boolean =>
  app.isPackaged && existsSync(path.join(process.resourcesPath, 'app-update.yml'))

/**
 * Looks for a newer program where the settings say so: at the start, and when that is switched on. It is fetched when the
 * person says so, believed by its SHA-512, and installed when they quit. What goes wrong is said and logged, and nothing else
 * comes of it.
 */
export function offerUpdates(studio: Studio, windows: Windows, logFile: string): void {
  if (!canUpdate()) return
  let looked = false

  async function look(): Promise<void> {
    const { lookForUpdates } = await studio.calls.settings()
    if (!lookForUpdates || looked) return
    looked = true
    try {
      await offer(windows, studio.notify)
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      addToLog(logFile, stack ?? message)
      studio.notify('warning', saying('updateFailed', { reason: message.split('\n')[0] }))
    }
  }

  studio.subscribe({ settingsChanged: () => void look() })
  void look()
}

async function offer(windows: Windows, notify: Studio['notify']): Promise<void> {
  const { autoUpdater } = (await import('electron-updater')).default
  autoUpdater.autoDownload = false
  autoUpdater.logger = null
  // What goes wrong is thrown as well.
  autoUpdater.on('error', () => {})
  const found = await autoUpdater.checkForUpdates()
  if (!found?.isUpdateAvailable) return
  const { version } = found.updateInfo
  if (!(await askToFetch(windows.front(), version))) return
  await autoUpdater.downloadUpdate()
  notify('info', saying('updateReady', { version }))
}
