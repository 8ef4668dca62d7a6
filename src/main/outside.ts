import { app, BrowserWindow, Notification } from 'electron'
import { doneFraction } from '../shared/queue/doneFraction.ts'
import type { Job } from '../shared/queue/jobs.ts'
import type { Studio } from '../studio/studio.ts'
import type { Windows } from './windows.ts'
import { words } from './words.ts'

/** Values of Electron's progress bar: none, and one whose end is not known. */
const none = -1
const unknown = 2

/**
 * What is seen of the studio outside its windows: how far the picture is, on the taskbar or dock, and a notification when one
 * ended while nobody looked at a window.
 * @param bringBack shows a window
 */
export function tellOutside(studio: Studio, windows: Windows, bringBack: () => void): void {
  let running: Job | null = null
  let ready = 0
  let shown: Notification | null = null

  function showProgress(fraction: number): void {
    for (const window of windows.all()) window.setProgressBar(fraction)
  }

  async function notify(ended: Job): Promise<void> {
    const { notify, tellPrompts } = await studio.calls.settings()
    if (!notify || BrowserWindow.getFocusedWindow() || !Notification.isSupported()) return
    if (ended.state === 'done') ready += ended.imageIds.length
    const title = ended.state === 'done' ? words().ready(ready) : words().failed
    // One takes the place of the last.
    shown?.close()
    shown = new Notification({ title, body: tellPrompts ? ended.request.prompt : '' })
    shown.on('click', bringBack)
    shown.show()
  }

  studio.subscribe({
    jobChanged(job) {
      if (job.state === 'running' && running?.id !== job.id) showProgress(unknown)
      const hasEnded = running?.id === job.id && job.state !== 'running'
      if (job.state === 'running') running = job
      if (!hasEnded) return
      running = null
      showProgress(none)
      if (job.state === 'done' || job.state === 'failed') void notify(job)
    },
    progress(jobId, progress) {
      if (running?.id !== jobId) return
      const done = doneFraction({ request: running.request, progress })
      showProgress(done > 0 ? done : unknown)
    },
  })
  app.on('browser-window-focus', () => {
    ready = 0
    shown?.close()
    shown = null
  })
}
