import type { StudioEvents } from '../shared/calls/contract.ts'
import { useConnection } from './stores/connection.ts'
import { useDownloads } from './stores/downloads.ts'
import { useFiles } from './stores/files.ts'
import { useFilm } from './stores/film.ts'
import { useGrids } from './stores/grids.ts'
import { useKept } from './stores/kept.ts'
import { useKeptForm } from './stores/keptForm.ts'
import { useImports } from './stores/imports.ts'
import { useJobs } from './stores/jobs.ts'
import { useLibrary } from './stores/library.ts'
import { useLookProgress } from './stores/look.ts'
import { useModels } from './stores/models.ts'
import { useSettings } from './stores/settings.ts'
import { useUpscalers } from './stores/upscalers.ts'
import { useToasts } from './stores/toasts.ts'
import { useViewer } from './stores/viewer.ts'
import { stayConnected, type Way } from './studio.ts'

/** Which store hears which event of the studio, and what is asked for after every connection. */
export function startStudio(way: Way): void {
  const connection = useConnection()
  const downloads = useDownloads()
  const files = useFiles()
  const film = useFilm()
  const grids = useGrids()
  const imports = useImports()
  const jobs = useJobs()
  const [kept, keptForm] = [useKept(), useKeptForm()]
  const library = useLibrary()
  const look = useLookProgress()
  const models = useModels()
  const settings = useSettings()
  const toasts = useToasts()
  const upscalers = useUpscalers()
  const viewer = useViewer()

  const events: StudioEvents = {
    jobChanged: (job) => jobs.put(job),
    jobDismissed: (jobId) => jobs.remove(jobId),
    jobMoved: (jobId, before) => jobs.move(jobId, before),
    progress: (jobId, progress) => jobs.setProgress(jobId, progress),
    lookProgress: (progress) => (look.progress = progress),
    walkProgress: (progress) => (look.walk = progress),
    raceGuess: (guess) => (look.guess = guess),
    imageAdded: (image) => {
      for (const shown of [film, library, grids]) shown.add(image)
      connection.sawDevice(image.device)
    },
    marksChanged: (marked) => [library, viewer].forEach((place) => place.setMarks(marked)),
    historyChanged: () =>
      void toasts.attempt(() => Promise.all([film.refresh(), library.refresh(), grids.lookAgain()])),
    importsChanged: (state) => imports.set(state),
    gridsChanged: () => void toasts.attempt(() => grids.lookAgain()),
    modelsChanged: (list) => models.set(list),
    // Whoever never looked at the files asks for them when they do.
    filesChanged: () =>
      void toasts.attempt(() => Promise.all([upscalers.refresh(), files.loaded && files.refresh()])),
    settingsChanged: (changed) => settings.set(changed),
    notice: (notice) => connection.addNotice(notice),
    downloadChanged: (download) => downloads.put(download),
    downloadRemoved: (id) => downloads.drop(id),
    keptChanged: (now) => kept.set(now),
    filesOpened: () => (connection.timesOpened += 1),
  }

  const askForAll = (): Promise<unknown> =>
    Promise.all([
      ...[connection, settings, models, jobs, film, library, imports, downloads, upscalers, kept].map(
        (store) => store.refresh(),
      ),
      keptForm.refresh(),
      grids.lookAgain(),
    ])

  void stayConnected(way, {
    events,
    onConnected: () => {
      connection.state = 'connected'
      void toasts.attempt(askForAll)
    },
    onLost: connection.lose,
  })
}
