import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Status, StudioCalls, StudioEvents } from '../shared/calls/contract.ts'
import type { EngineCalls, EngineTask } from '../shared/engine/engineContract.ts'
import type { OwnedFile } from '../shared/models/ownedFile.ts'
import type { Opening } from '../shared/opening.ts'
import { openRequestFiles } from './adapters/requestFiles.ts'
import type { Settings } from '../shared/settings.ts'
import { createAssetHandler, type AssetHandler } from './server/assets.ts'
import { checkedCalls } from './checkedCalls.ts'
import { closeAll } from './closing.ts'
import { openDownloading, ownModelsFolder, type DownloadOptions } from './downloads/openDownloading.ts'
import type { SecretKeeper } from './downloads/sites/tokens.ts'
import { watchOthers } from './history/database/database.ts'
import { createLiveTrace } from './lab/liveTrace.ts'
import type { Desktop } from './desktop.ts'
import type { Farm } from './farm/farm.ts'
import { createAutomaticTurbo } from './jobs/request/automaticTurbo.ts'
import { createDrafts } from './jobs/drafts.ts'
import { openEvaluationFiles, type EvaluationFiles } from './jobs/run/evaluationFiles.ts'
import { restingEngine } from './engine/restingEngine.ts'
import { createEngines, heardBy } from './engines.ts'
import type { Events } from './events.ts'
import { openImportRoom, type ImportRoom } from './imports/importRoom.ts'
import { startHousekeeping } from './history/housekeeping.ts'
import { startReadingAhead } from './history/readAhead.ts'
import { openPictureLooks, type PictureLooks } from './history/similar/pictureLooks.ts'
import type { Inputs } from './pictures/inputs.ts'
import { openJobStore, type JobStore } from './jobs/queue/jobStore.ts'
import { findModelOfJob } from './models/findModelAgain.ts'
import { createFileHash, createModelHash } from './models/files/modelHash.ts'
import { openModelRoom } from './models/modelRoom.ts'
import { builtInModelsFolder } from './paths.ts'
import { createPreviews } from './pictures/previews.ts'
import { openPromptLists } from './prompts/promptLists.ts'
import { openUpscalerFiles } from './models/upscalerFiles.ts'
import { openPastTimes, type PastTimes } from './jobs/times/pastTimes.ts'
import { createOwnPainter, type OwnPainter } from './jobs/run/ownPainter.ts'
import { openQueue, type Queue } from './jobs/queue/queue.ts'
import { createSaveImage } from './jobs/run/saveImage.ts'
import { openStorage, type Storage } from './history/storage.ts'
import { storageError } from './history/database/storageErrors.ts'
import { createStudioCalls } from './studioCalls.ts'
import { alwaysMyTurn, type Turn } from './jobs/queue/turn.ts'
import { keepWorkLog } from './workLog.ts'
import { saying, type Warn } from '../shared/notices.ts'

export interface StudioOptions {
  dataFolder: string
  builtInModels?: string
  nodePath?: string
  enginePath?: string
  /** Takes over the jobs of studios that ended while they had some. */
  adoptJobs?: boolean
  /** Follows changes in the model folders while it is open, and hashes their files beside the work. */
  followFolders?: boolean
  /** Asks the person for a folder in the system's own dialog. */
  chooseFolder?: () => Promise<string | null>
  /** What can be done with files outside the window. */
  desktop?: Desktop
  /** Lets requests name a model by any path. */
  allowModelPaths?: boolean
  /** Hears how far something is that takes long before the studio is open. */
  tell?: (opening: Opening) => void
  downloads?: DownloadOptions
  /** Keeps the tokens of the sites; without one they are known for this session. */
  secrets?: SecretKeeper
  /** Model folders beside those of the settings. */
  furtherFolders?: readonly string[]
  /** Jobs wait for it: other libraries have the same machine. */
  turn?: Turn
  /** Draws the pictures in place of the own engine. */
  farm?: Farm
}

/** The application without a window. */
export interface Studio {
  calls: StudioCalls
  /** Answers what ends the subscription. */
  subscribe(listener: Partial<StudioEvents>): () => void
  assets: AssetHandler
  inputs: Pick<Inputs, 'add' | 'addFile'>
  /** The files of every kind in the model folders, all of them known. */
  allFiles: () => Promise<OwnedFile[]>
  hasRunningJob(): boolean
  /** Tells a person what they must know and did not do themselves. */
  notify: Events['notify']
  /** Ends the engine; a running job goes back into the queue. Comes to its end whatever fails. */
  close(): Promise<void>
}

/**
 * Opens the studio on a data folder: history, queue, models, engine. What was queued there goes on. Throws
 * `read-only` or `disk-full` when the folder cannot be worked in.
 */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  // What is reported of it is absolute, whatever folder it is read in.
  const dataFolder = resolve(options.dataFolder)
  const storage = await openStorage(dataFolder, options.tell ?? (() => {}))
  const { database, events, exports, history, imageFiles, inputs } = storage
  const store = openJobs(storage)
  if (options.adoptJobs ?? true) store.adoptOrphans()
  await adoptInterrupted(store, storage)
  const evaluations = await openEvaluationFiles(join(dataFolder, 'unfinished'), store.isOpen)
  const lastDevice = followDevice(events)
  const pastTimes = openPastTimes(history, lastDevice)
  const work = openWork(options, { ...storage, evaluations, pastTimes }, store)
  const { engine, examiner, inspector, owned, previews, queue, room } = work
  keepWorkLog({ ...storage, dataFolder, jobs: () => queue.jobs() })
  const stopBeside = startBeside(storage, { ...options, dataFolder })
  const imports = openImports(storage, { ...options, dataFolder })
  const looks = openLooks(storage, queue, options)
  const downloading = await openDownloading(options.downloads ?? {}, {
    ...{ ...storage, ...work, dataFolder },
    secrets: options.secrets ?? null,
    adopt: options.adoptJobs ?? true,
  })
  const lists = openPromptLists(dataFolder, storage.ownership.id)
  const parts = {
    ...{ ...storage, ...work, ...downloading, dataFolder, lists },
    ...{ chooseFolder: options.chooseFolder, desktop: options.desktop },
    ...{ imports, keepPreview: previews.keep, lastDevice, looks, pastTimes, farm: options.farm },
  }
  const calls = checkedCalls(createStudioCalls(parts), (error) => storageError(error, dataFolder))
  return {
    calls,
    subscribe: events.subscribe,
    assets: createAssetHandler({
      ...{ history, imageFiles, inputs, exports, lists },
      preview: previews.newest,
      modelPicture: owned.picture,
      grid: calls.grid,
    }),
    inputs,
    allFiles: () => allFiles(work),
    hasRunningJob: queue.hasRunningJob,
    notify: events.notify,
    close: () => {
      const steps = [
        ...stopBeside,
        imports.close,
        looks.close,
        downloading.downloads.close,
        room.close,
        queue.close,
        engine.close,
        inspector.close,
        examiner.close,
        (): unknown => database.close(),
        storage.ownership.release,
      ]
      return closeAll(steps, closingLimitMs)
    },
  }
}

/** What goes on beside the work, as functions that end it. Searches are read ahead for where a window stays open. */
const startBeside = (
  storage: Storage,
  { dataFolder, followFolders = false }: StudioOptions,
): readonly (() => void)[] => [
  watchOthers(storage.database, storage.events.emit.historyChanged),
  startHousekeeping({ ...storage, dataFolder }),
  followFolders ? startReadingAhead(storage.history) : () => {},
]

const openImports = (storage: Storage, { dataFolder, followFolders = false }: StudioOptions): ImportRoom =>
  openImportRoom({
    ...storage,
    folders: () => storage.settings.current().importFolders,
    leftOut: [dataFolder],
    follow: followFolders,
    changed: storage.events.emit.importsChanged,
    historyChanged: storage.events.emit.historyChanged,
    warn: (...says) => storage.events.notify('warning', ...says),
  })

/** Pictures that come are looked at where imported folders are followed: a command ends sooner. */
function openLooks(storage: Storage, queue: Queue, { followFolders = false }: StudioOptions): PictureLooks {
  const looks = openPictureLooks({ ...storage, isBusy: queue.hasRunningJob })
  if (!followFolders) return looks
  storage.events.subscribe({ imageAdded: looks.begin, historyChanged: looks.begin })
  looks.begin()
  return looks
}

/** The device of the newest picture that a model made; null before the first. */
function followDevice(events: Storage['events']): () => Status['device'] {
  let last: Status['device'] = null
  events.subscribe({
    imageAdded({ device, request }) {
      if (!request.editOf) last = device
    },
  })
  return () => last
}

const openJobs = ({ database, events, ownership }: Storage): JobStore =>
  openJobStore(database, ownership, (jobId, reason) => {
    events.notify('warning', saying('jobUnread', { id: jobId, reason }))
  })

/** What is wrong with a model is known once it was looked into. */
async function allFiles({ models, owned }: ReturnType<typeof openWork>): Promise<OwnedFile[]> {
  await models.list()
  return owned.files()
}

/** Pictures whose rows the end of a studio cut off. What fails here is done in the background or by the job's run. */
async function adoptInterrupted(store: JobStore, { adoption }: Storage): Promise<void> {
  for (const job of store.interrupted()) await adoption.ofJob(job).catch(() => {})
}

/** How long closing waits for a picture that is being written. */
const closingLimitMs = 10_000

/** Those of the settings, the studio's own once the first download has made it, and what it was opened with. */
function foldersWithModels({ modelFolders }: Settings, options: StudioOptions): string[] {
  const own = ownModelsFolder(resolve(options.dataFolder))
  return [...modelFolders, ...[own].filter(existsSync), ...(options.furtherFolders ?? [])]
}

/** What works on the storage: the engines, the models, and the queue and the drafts that share an engine. */
function openWork(
  options: StudioOptions,
  storage: Storage & { evaluations: EvaluationFiles; pastTimes: PastTimes },
  store: JobStore,
) {
  const { adoption, database, events, history, imageFiles, inputs, ownership, settings } = storage
  const told = { ...options, ...engineSettings(settings) }
  const engines = createEngines(told, () => heardBy(painter, drafts, liveTrace, events))
  const { beside, engine, examiner } = engines
  const liveTrace = createLiveTrace(engine)
  const isBusy = (): boolean => painter.isAtWork() || drafts.isDrawing()
  const idleEngine = (): EngineCalls => (isBusy() ? beside : engine.calls)

  const testingEngine = restingEngine(examiner)
  const warn: Warn = (...says) => events.notify('warning', ...says)
  const modelHash = createModelHash(database)
  const room = openModelRoom({
    modelHash,
    database,
    dataFolder: resolve(options.dataFolder),
    writer: ownership.id,
    builtInFolder: options.builtInModels ?? builtInModelsFolder,
    folders: () => foldersWithModels(settings.current(), options),
    describe: (path) => idleEngine().describeModel(path),
    allowAnyPath: options.allowModelPaths ?? false,
    examiner: testingEngine,
    isBusy,
    follow: options.followFolders ?? false,
    warn,
    filesChanged: events.emit.filesChanged,
    modelsChanged: events.emit.modelsChanged,
  })
  const turbo = createAutomaticTurbo({ idleEngine, testingEngine, isBusy, farm: options.farm })
  const { models, owned } = room
  const requestFiles = openRequestFiles({ owned, inputs, digests: room.hashes.ofPath, say: warn })
  const allowAnyPath = options.allowModelPaths ?? false
  const upscalers = openUpscalerFiles({ owned, hashFile: modelHash, allowAnyPath })
  const previews = createPreviews()
  const keepPreview = previews.keep
  const saveImage = createSaveImage({ database, history, files: imageFiles, store })
  const isAtWork = (): boolean => painter.isAtWork()
  const drafts = createDrafts({ engine, isBusy: isAtWork, warn, tell: events.emit.lookProgress })
  const findModel = (id: string) => findModelOfJob({ models, modelHash }, id, () => history.newestModel(id))
  const files = { models, requestFiles, upscalers, modelHash, findModel }
  const modelOfImage = history.modelOf
  const pictures = { inputs, adoptPictures: adoption.ofJob, keepPreview, saveImage, modelOfImage }
  const { evaluations, pastTimes } = storage
  const runParts = { ...files, ...pictures, engine, engineFree: drafts.stop, evaluations, pastTimes, warn }
  const painter: OwnPainter = createOwnPainter(runParts, options.turn ?? alwaysMyTurn)
  const library = { ...runParts, memoryOf: memoryBy(idleEngine), fileHash: createFileHash(database) }
  const onFarm = options.farm?.painter(library, () => queue.look())
  const queue: Queue = openQueue({
    store,
    cancelGraceMs: () => settings.current().cancelGraceMs,
    warn: (...says) => events.notify('error', ...says),
    painterOf: (job) => (onFarm && options.farm?.draws(job) ? onFarm : painter),
    forget: (jobId) => void evaluations.forget(jobId).catch(() => {}),
    emit: events.emit,
  })
  return { ...files, ...engines, owned, room, idleEngine, turbo, previews, drafts, liveTrace, queue }
}

const engineSettings = (settings: Storage['settings']) => ({
  idleMs: (): number => settings.current().unloadAfterMinutes * 60_000,
  cardMemory: (): number => settings.current().cardMemory,
})

const memoryBy =
  (engine: () => EngineCalls) =>
  async (task: EngineTask): Promise<number | null> =>
    (await engine().estimate(task))?.peakBytes ?? null
