import { app, type BrowserWindow } from 'electron'
import type { Studio } from '../studio/studio.ts'
import { askAtLastWindow, askToQuit } from './dialogs.ts'
import type { Windows } from './windows.ts'

/** On a Mac a program goes on without windows; elsewhere closing the last one ends it. */
const goesOnWithoutWindows = process.platform === 'darwin'

/**
 * How the app ends. While pictures are being made it asks first; the studio is closed before the end, and whatever fails on
 * the way, the app ends. Without a window it goes on until everything in the queue is made, where the person wants that.
 * @returns what holds up the closing of a window
 */
export function createQuitting(studio: Studio, windows: Windows): (window: BrowserWindow) => void {
  let state: 'open' | 'asking' | 'closed' = 'open'

  async function end(): Promise<void> {
    await studio.close()
    state = 'closed'
    app.quit()
  }

  /** Asks, unless it is at it; a question that cannot be asked is answered by ending. */
  async function decide(ask: () => Promise<'quit' | 'goOn' | 'cancel'>): Promise<void> {
    if (state !== 'open') return
    state = 'asking'
    const answer = studio.hasRunningJob() ? await ask().catch(() => 'quit' as const) : 'quit'
    if (answer === 'quit') return end()
    state = 'open'
    if (answer !== 'goOn') return
    for (const window of windows.all()) window.destroy()
    await endWhenDone()
  }

  /** Ends without a window when nothing is left to do. */
  async function endWhenDone(): Promise<void> {
    if (goesOnWithoutWindows || state !== 'open' || windows.all().length > 0) return
    const jobs = await studio.calls.jobs()
    if (!jobs.some((job) => job.state === 'queued' || job.state === 'running')) await end()
  }

  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    void decide(async () => ((await askToQuit(windows.front())) ? 'quit' : 'cancel'))
  })
  // Electron would end the app by itself.
  app.on('window-all-closed', () => {})
  studio.subscribe({ jobChanged: () => void endWhenDone() })

  return (window) => {
    window.on('close', (event) => {
      const isLast = windows.all().every((other) => other === window)
      if (state === 'closed' || !isLast || goesOnWithoutWindows) return
      event.preventDefault()
      void decide(() => askAtLastWindow(window))
    })
  }
}
