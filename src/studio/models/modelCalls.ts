import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { EngineCalls } from '../../shared/engine/engineContract.ts'
import { StudioError, toErrorRecord } from '../../shared/errors.ts'
import type { DeviceRecord } from '../../shared/models/models.ts'
import type { Events } from '../events.ts'
import { readStyles } from '../prompts/fillPrompts.ts'
import type { SettingsFile } from '../settings.ts'
import { checkImportFolders } from '../imports/importCalls.ts'
import type { ImportRoom } from '../imports/importRoom.ts'
import { checkFolders } from './folders/checkModelFolders.ts'
import { lookAtFolder, suggestedFolders } from './folders/chosenFolders.ts'
import type { AutomaticTurbo } from '../jobs/request/automaticTurbo.ts'
import type { ModelLibrary } from './modelLibrary.ts'
import type { OwnedFiles } from './owned/ownedFiles.ts'

export interface ModelParts {
  chooseFolder: (() => Promise<string | null>) | undefined
  dataFolder: string
  events: Events
  /** An engine that answers at once, whatever runs. */
  idleEngine: () => EngineCalls
  imports: Pick<ImportRoom, 'look'>
  models: ModelLibrary
  owned: OwnedFiles
  settings: SettingsFile
  turbo: AutomaticTurbo
}

/** The calls about models, the files beside them, and what a person set. */
export function modelCalls({
  chooseFolder,
  dataFolder,
  events,
  idleEngine,
  imports,
  models,
  owned,
  settings,
  turbo,
}: ModelParts) {
  const rescanModels: StudioCalls['rescanModels'] = async () => {
    const found = await models.rescan()
    events.emit.modelsChanged(found)
    return found
  }
  return {
    settings: async () => settings.current(),
    async changeSettings(change) {
      const before = settings.current()
      if (change.modelFolders) await checkFolders(change.modelFolders, before.modelFolders)
      if (change.importFolders) await checkImportFolders(change.importFolders, before, dataFolder)
      const changed = await settings.change(change)
      events.emit.settingsChanged(changed)
      if (change.modelFolders) await rescanModels()
      if (change.importFolders) imports.look()
      return changed
    },
    async styles() {
      const { styles, problems } = await readStyles(dataFolder)
      for (const problem of problems) events.notify('warning', problem)
      return styles
    },
    models: () => models.list(),
    rescanModels,
    files: async () => owned.filesSoFar(),
    file: (id) => owned.details(id),
    fileScan: async () => owned.scan(),
    lookAtFolder,
    suggestedFolders: () => suggestedFolders(settings.current().modelFolders),
    async chooseFolder() {
      if (chooseFolder) return chooseFolder()
      throw new StudioError(
        'bad-request',
        'There is no window here to show a dialog in. Write the path of the folder.',
      )
    },
    async changeFile(id, change) {
      const file = await owned.change(id, change)
      events.emit.filesChanged()
      if (change.defaults) events.emit.modelsChanged(await models.list())
      return file
    },
    devices: knownDevices(settings, idleEngine, turbo),
  } satisfies Partial<StudioCalls>
}

/** Asked for once, and again when a person says what the graphics card has, or Turbo was tested. */
function knownDevices(
  settings: SettingsFile,
  idleEngine: () => EngineCalls,
  turbo: ModelParts['turbo'],
): StudioCalls['devices'] {
  let known: { state: string; devices: Promise<DeviceRecord[]> } | null = null
  return () => {
    const state = `${settings.current().cardMemory} ${turbo.tests()}`
    if (known?.state === state) return known.devices
    const devices = askForDevices(idleEngine)
    known = { state, devices }
    // An engine that died gave no answer worth keeping.
    devices.catch(() => (known = null))
    return devices
  }
}

/** A driver may end the engine that tests it; after the second time the engine leaves it alone. There are two at most of them. */
const mostAttempts = 2 * 2 + 1

/** Asks again, in a fresh engine, where the engine ended before it had answered. */
async function askForDevices(idleEngine: () => EngineCalls): Promise<DeviceRecord[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await idleEngine().devices()
    } catch (error) {
      if (toErrorRecord(error).code !== 'engine-crashed' || attempt === mostAttempts) throw error
    }
  }
}
