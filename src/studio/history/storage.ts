import { createAdoption } from './adoptPictures.ts'
import { createEvents } from '../events.ts'
import { openHistory } from './history.ts'
import { openGridStore } from '../grids/gridStore.ts'
import { openMarkChanges } from './marks/changeMarks.ts'
import { openMarkJournal } from './marks/markJournal.ts'
import { openImageFiles } from '../pictures/imageFiles.ts'
import { openPictureExports } from '../pictures/pictureExports.ts'
import { openInputs, usedInputs } from '../pictures/inputs.ts'
import { claimOwnership, whileNobodyOpens } from '../ownership.ts'
import type { Tell } from './database/migrations.ts'
import { openRecovered } from './database/recoverDatabase.ts'
import { openSettings } from '../settings.ts'
import { storageError } from './database/storageErrors.ts'
import { saying } from '../../shared/notices.ts'

/** What of a studio lies in its data folder. Throws `read-only`, `disk-full`, `database-locked`, `corrupt-database`. */
export async function openStorage(dataFolder: string, tell: Tell) {
  const { database, says, ownership } = await whileNobodyOpens(dataFolder, tell, async () => {
    const opened = await openRecovered(dataFolder, tell)
    return { ...opened, ownership: claimOwnership(dataFolder) }
  }).catch((error: unknown) => {
    throw storageError(error, dataFolder)
  })
  const events = createEvents()
  if (says.length > 0) events.notify('warning', ...says)
  const { settings, problems } = openSettings(dataFolder, ownership.id)
  if (problems.length > 0) events.notify('warning', ...problems)
  const imageFiles = openImageFiles(dataFolder, ownership.id, () => settings.current().importFolders)
  const history = openHistory(database, imageFiles.pathOf, ({ id, file }, reason) => {
    events.notify('warning', saying('entryUnread', { id, reason, file }))
  })
  const inputs = openInputs(dataFolder, ownership.id)
  const journal = openMarkJournal(imageFiles.folder)
  const marks = openMarkChanges(database, journal)
  const removeInput = (id: string): Promise<void> => inputs.removeUnused(usedInputs(database), new Set([id]))
  return {
    database,
    events,
    exports: openPictureExports({ history, imageFiles }),
    history,
    gridStore: openGridStore(database),
    imageFiles,
    adoption: createAdoption({ history, files: imageFiles, journal, marks, removeInput }),
    inputs,
    journal,
    marks,
    ownership,
    settings,
  }
}

export type Storage = Awaited<ReturnType<typeof openStorage>>
