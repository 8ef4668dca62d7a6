import { randomUUID } from 'node:crypto'
import type { Status, StudioCalls } from '../shared/contract.ts'
import type { Estimate, Job } from '../shared/jobs.ts'
import type { DeviceRecord, ModelRecord } from '../shared/models.ts'
import type { EngineCalls, Pixels } from '../shared/engineContract.ts'
import { StudioError } from '../shared/errors.ts'
import {
  generationRequestSchema,
  openRequestSchema,
  type GenerationRequest,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../shared/request.ts'
import type { RequestNote } from '../shared/requestNotes.ts'
import type { Database } from './history/database.ts'
import { createDownloadCalls, type DownloadParts } from './downloads/downloadCalls.ts'
import type { Drafts } from './jobs/drafts.ts'
import { emptyTrash } from './history/emptyTrash.ts'
import type { EngineProcess } from './engine/engineProcess.ts'
import type { Events } from './events.ts'
import type { History } from './history/history.ts'
import { fillPrompts, notesBefore, readStyles } from './prompts/fillPrompts.ts'
import { checkModelFolders } from './models/checkModelFolders.ts'
import { lookAtFolder, suggestedFolders } from './models/chosenFolders.ts'
import { findForeignModel } from './models/findForeignModel.ts'
import { findModelAgain } from './models/findModelAgain.ts'
import type { ImageFiles } from './pictures/imageFiles.ts'
import type { Inputs } from './pictures/inputs.ts'
import type { ModelLibrary } from './models/modelLibrary.ts'
import type { OwnedFiles } from './models/ownedFiles.ts'
import type { RequestFiles } from './adapters/requestFiles.ts'
import { stretchesFrom } from './adapters/stretches.ts'
import { applicationVersion, packageVersion } from './paths.ts'
import type { Queue } from './jobs/queue.ts'
import { estimateTime } from './jobs/estimateTime.ts'
import { resolveRequest } from './jobs/resolveRequest.ts'
import { openableModel, readStart } from './jobs/runJob.ts'
import { labCalls } from './jobs/labCalls.ts'
import { upscaleCalls } from './jobs/upscaleCalls.ts'
import { findUpscalers, whereUpscalersLie, type UpscalerFiles } from './models/upscalerFiles.ts'
import type { SettingsFile } from './settings.ts'
import { whenUnlocked } from './history/whenUnlocked.ts'
import { withinTime } from './models/timeLimit.ts'

export interface StudioParts extends DownloadParts {
  database: Database
  dataFolder: string
  drafts: Drafts
  events: Events
  engine: EngineProcess
  /** An engine that answers at once, whatever runs. */
  idleEngine: () => EngineCalls
  history: History
  imageFiles: ImageFiles
  inputs: Inputs
  /** Keeps a preview and answers its URL. */
  keepPreview(id: string, pixels: Pixels): Promise<string>
  models: ModelLibrary
  upscalers: UpscalerFiles
  owned: OwnedFiles
  requestFiles: RequestFiles
  chooseFolder: (() => Promise<string | null>) | undefined
  modelHash: (path: string) => Promise<string>
  queue: Queue
  findModel(id: string): Promise<{ id: string }>
  settings: SettingsFile
  lastDevice: () => Status['device']
}

/** The calls of the contract, out of the studio's parts. Their arguments have been checked. */
export function createStudioCalls(parts: StudioParts): StudioCalls {
  return {
    ...statusCalls(parts),
    ...modelCalls(parts),
    ...jobCalls(parts),
    ...upscaleCalls(parts),
    ...labCalls(parts),
    ...historyCalls(parts),
    ...createDownloadCalls(parts),
  }
}

function statusCalls({ dataFolder, events, engine, queue, lastDevice }: StudioParts) {
  const engineState = (): Status['engine'] => {
    if (queue.hasRunningJob()) return 'running'
    return engine.isAlive() ? 'idle' : 'absent'
  }
  return {
    status: async (): Promise<Status> => ({
      version: applicationVersion,
      onnxRuntimeVersion: packageVersion('onnxruntime-node'),
      dataFolder,
      engine: engineState(),
      device: lastDevice(),
      notices: events.notices(),
    }),
  }
}

function modelCalls({ chooseFolder, dataFolder, events, idleEngine, models, owned, settings }: StudioParts) {
  let devices: Promise<DeviceRecord[]> | null = null
  const rescanModels: StudioCalls['rescanModels'] = async () => {
    const found = await models.rescan()
    events.emit.modelsChanged(found)
    return found
  }
  return {
    settings: async () => settings.current(),
    async changeSettings(change) {
      if (change.modelFolders) await checkModelFolders(change.modelFolders, settings.current())
      const changed = await settings.change(change)
      events.emit.settingsChanged(changed)
      if (change.modelFolders) await rescanModels()
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
    devices() {
      const asked = (devices ??= idleEngine().devices())
      // An engine that died gave no answer worth keeping.
      asked.catch(() => (devices = null))
      return asked
    },
  } satisfies Partial<StudioCalls>
}

/** What the time of the next picture is learnt from. */
const newestPictures = { search: '', cursor: null, limit: 100, trashed: false }

async function estimate(
  { history, idleEngine, lastDevice, queue, requestFiles, upscalers }: StudioParts,
  model: ModelRecord,
  request: ResolvedRequest,
): Promise<Estimate> {
  const device = request.device === 'auto' ? (lastDevice() ?? 'cpu') : request.device
  const files = await requestFiles.whereTheyLie(request)
  const larger = await whereUpscalersLie(request, upscalers)
  const memory = await idleEngine().estimate({ modelPath: model.path, device, request, ...files, ...larger })
  const { items } = await whenUnlocked(() => history.page(newestPictures))
  const made = items.filter((image) => image.model.id === model.id && image.device === device)
  return {
    peakBytes: memory?.peakBytes ?? null,
    // What a run that is under way holds is there for the next one.
    availableBytes: queue.hasRunningJob() ? null : (memory?.availableBytes ?? null),
    timeMs: estimateTime(request, made),
  }
}

/** How long a request that is ready waits for the one before it, in ms: any model that answers does so well within it. */
const longestWaitMs = 5000

/** The request with all numbers decided, and its model; what it refers to is not looked at yet. */
async function decide({ models, settings }: StudioParts, input: GenerationRequestInput) {
  const open = openRequestSchema.parse(input)
  const model = await openableModel(models, open.model)
  const given = Object.entries(open).filter(([, value]) => value !== undefined)
  const request = generationRequestSchema.parse({ ...model.info.defaults, ...Object.fromEntries(given) })
  // Only `upscale` makes jobs that draw nothing.
  const drawing = { ...request, upscaleOf: null }
  return { model, request: resolveRequest(drawing, model, settings.current().device) }
}

function jobCalls(parts: StudioParts) {
  const { dataFolder, drafts, events, inputs, models, modelHash } = parts
  const { queue, requestFiles, upscalers } = parts
  const warn = (problem: string): void => events.notify('warning', problem)
  let lastEnqueued: Promise<unknown> = Promise.resolve()

  async function resolve(input: GenerationRequestInput) {
    const { model, request: resolved } = await decide(parts, input)
    await checkStart(resolved, inputs)
    await checkScheduler(resolved, model.path, parts.idleEngine())
    const filled = await fillPrompts(resolved, dataFolder, warn)
    const named = await requestFiles.resolve(filled, model.info.family)
    const { request: complete, said } = await findUpscalers(named, upscalers)
    said.forEach(warn)
    return { model, request: complete }
  }

  return {
    findModel: (made) => findForeignModel({ models, modelHash }, made),
    findFiles: requestFiles.match,
    notes: (input) => notesOn(generationRequestSchema.parse(input), parts),
    estimate: (input) => decide(parts, input).then(({ model, request }) => estimate(parts, model, request)),
    // Jobs stand in the queue in the order in which they were asked for, but one that takes long is not waited for.
    enqueue(input) {
      const before = lastEnqueued
      const enqueued = resolve(input).then(async ({ request }) => {
        await withinTime(before, longestWaitMs, null)
        return queue.enqueue(request)
      })
      lastEnqueued = enqueued.catch(() => {})
      return enqueued
    },
    async controlPreview({ image, preprocessor, settings, width, height }) {
      const picture = await inputs.pixels(image.id, width, height, image.resizeMode ?? 'crop')
      const seen = await parts.idleEngine().preprocess(picture, preprocessor, settings)
      return parts.keepPreview(`control-${randomUUID()}`, seen)
    },
    async draft(input) {
      const began = performance.now()
      const drawn = await drafts.draw(async () => {
        const { model, request } = await resolve({ ...input, batchSize: 1 })
        const start = await readStart(request, inputs)
        const [{ adapters }] = stretchesFrom(0, request)
        const worn = await requestFiles.forTask(request, adapters)
        const task = { modelPath: model.path, device: request.device, ...worn, ...start }
        // Only what is drawn is shown, and soon.
        const small = { ...request, hires: null, upscale: null }
        return { ...task, request: small, hiresUpscaler: null, upscaler: null }
      })
      if (!drawn) return null
      const url = await parts.keepPreview('draft', drawn.pixels)
      return { request: drawn.request, url, tookMs: performance.now() - began }
    },
    jobs: async (page) => queue.jobs(page),
    cancel: async (jobId) => queue.cancel(jobId),
    stopNow: async (jobId) => queue.stopNow(jobId),
    retry: async (jobId) => queue.retry(jobId),
    dismissJob: async (jobId) => queue.dismiss(jobId),
    rerun: (imageId) => rerun(imageId, parts),
    inputImage: (id) => inputs.describe(id),
  } satisfies Partial<StudioCalls>
}

/** Queues a picture's own request again: on its model and files, wherever they lie now. */
async function rerun(imageId: string, parts: StudioParts): Promise<Job> {
  const { events, history, inputs, models, modelHash, queue, requestFiles, upscalers } = parts
  const { request: kept, model: made } = history.image(imageId)
  const { request, said: saidOfFiles } = await findUpscalers(kept, upscalers)
  for (const message of saidOfFiles) events.notify('warning', message)
  if (request.upscaleOf) {
    await inputs.describe(request.upscaleOf.id)
    return queue.enqueue(request)
  }
  const { id, said } = await findModelAgain({ models, modelHash }, request.model, made)
  const model = await openableModel(models, id)
  await checkStart(request, inputs)
  await checkScheduler(request, model.path, parts.idleEngine())
  if (said) events.notify('warning', said)
  return queue.enqueue({ ...(await requestFiles.findAgain(request)), model: model.id })
}

async function notesOn(
  request: GenerationRequest,
  { dataFolder, models, requestFiles }: StudioParts,
): Promise<RequestNote[]> {
  const model = await models.find(request.model).catch(() => null)
  const family = model?.info?.family ?? null
  return notesBefore(request, dataFolder, (styled) => requestFiles.whoIsHere(styled, family))
}

/** Throws `not-found` when the picture to start from, its mask or a control picture is gone, `bad-request` when they do not match. */
async function checkStart(
  { initImage, mask, controls, width, height }: ResolvedRequest,
  inputs: Inputs,
): Promise<void> {
  for (const { image } of controls) await inputs.describe(image.id)
  const picture = initImage && (await inputs.describe(initImage.id))
  const painted = mask && (await inputs.describe(mask.id))
  if (!painted) return
  if (!picture) throw new StudioError('bad-request', 'mask: needs a picture to start from (initImage).')
  const fits = [picture, { width, height }].some(
    (size) => size.width === painted.width && size.height === painted.height,
  )
  if (fits) return
  const message = `mask: must be ${picture.width}×${picture.height} as the picture to start from, or ${width}×${height} as the result, found ${painted.width}×${painted.height}.`
  throw new StudioError('bad-request', message)
}

/**
 * Throws what the model's own scheduler cannot do before the job is queued; samplers that are chosen by name do not
 * ask it. An engine that gives no answer stops nobody: the run will tell.
 */
async function checkScheduler(
  request: ResolvedRequest,
  modelPath: string,
  engine: EngineCalls,
): Promise<void> {
  if (request.sampler !== 'Model default' && request.schedule !== 'Model default') return
  const problem = await engine.checkRequest(modelPath, request).catch((error: unknown) => error)
  if (problem instanceof StudioError && ['bad-request', 'unsupported-model'].includes(problem.code))
    throw problem
}

function historyCalls({ events, history, imageFiles, inputs, queue, ...parts }: StudioParts) {
  const mark = async (ids: readonly string[], trashedAt: number | null): Promise<void> => {
    await whenUnlocked(() => history.setTrashed(ids, trashedAt))
    events.emit.historyChanged()
  }
  return {
    history: (query) =>
      whenUnlocked(() => history.page({ search: '', cursor: null, limit: 60, trashed: false, ...query })),
    image: (id) => whenUnlocked(() => history.image(id)),
    trash: (ids) => mark(ids, Date.now()),
    restore: (ids) => mark(ids, null),
    async emptyTrash() {
      try {
        return await emptyTrash({ history, imageFiles, inputs, queue, database: parts.database })
      } finally {
        events.emit.historyChanged()
      }
    },
  } satisfies Partial<StudioCalls>
}
