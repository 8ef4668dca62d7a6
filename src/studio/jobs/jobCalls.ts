import { randomUUID } from 'node:crypto'
import type { StudioCalls } from '../../shared/calls/contract.ts'
import type { EngineCalls, Pixels } from '../../shared/engine/engineContract.ts'
import { StudioError } from '../../shared/errors.ts'
import type { Estimate } from '../../shared/queue/jobs.ts'
import type { ModelInfo, ModelRecord } from '../../shared/models/models.ts'
import {
  generationRequestSchema,
  openRequestSchema,
  type Device,
  type GenerationRequestInput,
  type ResolvedRequest,
} from '../../shared/request/request.ts'
import {
  bracketNotes,
  letterNotes,
  requestNotes,
  type RequestNote,
} from '../../shared/request/requestNotes.ts'
import type { Status } from '../../shared/calls/contract.ts'
import { unreadFields, withoutText } from '../../shared/request/withoutText.ts'
import { checkAdaptable } from '../adapters/adaptableModel.ts'
import type { RequestFiles } from '../adapters/requestFiles.ts'
import { stretchesFrom } from '../adapters/stretches.ts'
import type { Events } from '../events.ts'
import type { History } from '../history/history.ts'
import type { EngineProcess } from '../engine/engineProcess.ts'
import { findForeignModel } from '../models/findForeignModel.ts'
import { findModelAgain } from '../models/findModelAgain.ts'
import type { ModelLibrary } from '../models/modelLibrary.ts'
import { openableModel } from '../models/openableModel.ts'
import { findUpscalers, whereUpscalersLie, type UpscalerFiles } from '../models/upscalerFiles.ts'
import { lookIntoUpscalers } from '../models/upscalerWorks.ts'
import type { Inputs } from '../pictures/inputs.ts'
import { readStart } from '../pictures/startPicture.ts'
import { fillPrompts, notesBefore } from '../prompts/fillPrompts.ts'
import type { SettingsFile } from '../settings.ts'
import { withModelsAgain } from './request/branchRequest.ts'
import { checkScheduler, checkStart } from './request/checkRequest.ts'
import type { AutomaticTurbo } from './request/automaticTurbo.ts'
import type { Drafts } from './drafts.ts'
import type { PastTimes } from './times/pastTimes.ts'
import type { Queue } from './queue/queue.ts'
import { sizedByReference } from './request/referenceSize.ts'
import { asDrawn, resolveRequest } from './request/resolveRequest.ts'
import type { Warn } from '../../shared/notices.ts'

export interface JobParts {
  dataFolder: string
  drafts: Drafts
  engine: EngineProcess
  events: Events
  history: History
  /** An engine that answers at once, whatever runs. */
  idleEngine: () => EngineCalls
  inputs: Inputs
  /** Keeps a preview and answers its URL. */
  keepPreview(id: string, pixels: Pixels): Promise<string>
  lastDevice: () => Status['device']
  modelHash: (path: string) => Promise<string>
  models: ModelLibrary
  pastTimes: PastTimes
  queue: Queue
  requestFiles: RequestFiles
  settings: SettingsFile
  turbo: AutomaticTurbo
  upscalers: UpscalerFiles
}

async function estimate(parts: JobParts, model: ModelRecord, request: ResolvedRequest): Promise<Estimate> {
  const { drafts, idleEngine, lastDevice, pastTimes, queue, requestFiles, upscalers } = parts
  const device = request.device === 'auto' ? (lastDevice() ?? 'cpu') : request.device
  const files = await requestFiles.whereTheyLie(request)
  const larger = await whereUpscalersLie(request, upscalers)
  await lookIntoUpscalers([request], parts)
  const memory = await idleEngine().estimate({ modelPath: model.path, device, request, ...files, ...larger })
  return {
    peakBytes: memory?.peakBytes ?? null,
    // What a run that is under way holds is there for the next one.
    availableBytes: queue.hasRunningJob() || drafts.isDrawing() ? null : (memory?.availableBytes ?? null),
    timeMs: pastTimes.times([request])[0],
  }
}

/** The request with all numbers decided, and its model; what it refers to is not looked at yet. */
export async function decide({ models, settings, inputs, turbo }: JobParts, input: GenerationRequestInput) {
  const open = openRequestSchema.parse(input)
  const model = await openableModel(models, open.model)
  const given = Object.entries(open).filter(([, value]) => value !== undefined)
  const request = generationRequestSchema.parse({ ...model.info.defaults, ...Object.fromEntries(given) })
  // Other calls make jobs that draw nothing, go on from another picture, belong to a grid, or draw as it was recorded.
  const none = { upscaleOf: null, editOf: null, branch: null, grid: null }
  const drawing = { ...request, ...none, unetWidening: null, guidanceTogether: null }
  const sized = await sizedByReference(drawing, model.info, inputs)
  const preferred = settings.current().device
  const device = sized.device === 'auto' ? preferred : sized.device
  const automatic = sized.turbo === 'auto' ? await turbo.find(model.path, device) : undefined
  return { model, request: resolveRequest(sized, model, preferred, automatic) }
}

/** The request as a job keeps it, with all that it refers to found and looked at. Throws what is wrong with it. */
export async function resolve(parts: JobParts, input: GenerationRequestInput) {
  const { dataFolder, events, inputs, requestFiles, upscalers } = parts
  const warn: Warn = (...says) => events.notify('warning', ...says)
  const { model, request: resolved } = await decide(parts, input)
  await checkStart(resolved, inputs)
  await checkScheduler(resolved, model.path, parts.idleEngine())
  const filled = await fillPrompts(resolved, dataFolder, warn)
  const named = await requestFiles.resolve(filled, model.info.family)
  checkAdaptable(named, model.info)
  const { request: complete, said } = await findUpscalers(named, upscalers)
  for (const one of said) warn(one)
  return { model, request: complete }
}

export function jobCalls(parts: JobParts) {
  const { drafts, inputs, models, modelHash, queue, requestFiles } = parts

  return {
    findModel: (made) => findForeignModel({ models, modelHash }, made),
    findFiles: requestFiles.match,
    notes: (input) => notesOn(input, parts),
    estimate: (input) => decide(parts, input).then(({ model, request }) => estimate(parts, model, request)),
    enqueue: (input) => queue.enqueue(resolve(parts, input).then(({ request }) => request)),
    async controlPreview({ image, preprocessor, settings, width, height }) {
      const picture = await inputs.pixels(image.id, width, height, image.resizeMode ?? 'crop')
      const seen = await parts.idleEngine().preprocess(picture, preprocessor, settings)
      return parts.keepPreview(`control-${randomUUID()}`, seen)
    },
    async draft(input) {
      const began = performance.now()
      const drawn = await drafts.draw(async () => {
        const { model, request } = await resolve(parts, { ...input, batchSize: 1 })
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
    prepare: (input) => prepare(parts, input),
    jobs: async (page) => queue.jobs(page),
    ...queueCalls(parts),
    rerun: (imageId) => queue.enqueue(requestAgain(imageId, parts)),
    inputImage: (id) => inputs.describe(id),
  } satisfies Partial<StudioCalls>
}

/** What is done with a job that is there. */
function queueCalls(parts: JobParts) {
  const { pastTimes, queue } = parts
  return {
    pause: async (jobId) => queue.pause(jobId),
    resume: async (jobId) => queue.resume(jobId),
    cancel: async (jobId) => queue.cancel(jobId),
    stopNow: async (jobId) => queue.stopNow(jobId),
    pauseAll: async () => queue.pauseAll(),
    resumeAll: async () => queue.resumeAll(),
    cancelAll: async () => queue.cancelAll(),
    moveJob: (jobId, before) => queue.move(jobId, before),
    async queueTimes() {
      const waiting = queue.waiting()
      await lookIntoUpscalers(
        waiting.map(({ request }) => request),
        parts,
      )
      return pastTimes.ofQueue(waiting)
    },
    retry: async (jobId) => queue.retry(jobId),
    dismissJobs: (jobIds) => queue.dismiss(jobIds),
    bringJobsBack: (jobIds) => queue.bringBack(jobIds),
  } satisfies Partial<StudioCalls>
}

async function prepare(parts: JobParts, input: GenerationRequestInput): Promise<void> {
  const { drafts, engine, modelHash, requestFiles } = parts
  await drafts.look(async () => {
    const { model, request } = await decide(parts, {
      ...input,
      initImage: null,
      mask: null,
      references: [],
      controls: [],
    })
    // A picture tells of its model by its hash: the files are read while the engine opens them.
    void modelHash(model.path).catch(() => {})
    const { adapters, vaePath } = await requestFiles.whereTheyLie(request)
    const files = { adapters, vaePath, embeddings: [], controls: [], hiresUpscaler: null, upscaler: null }
    const open = { modelPath: model.path, request, firstImage: 0, isDraft: true, initImage: null, mask: null }
    const ask = (jobId: string, device: Device) => engine.calls.prepare({ ...open, ...files, jobId, device })
    return { device: request.device, ask }
  })
}

/** A picture's own request: on its model and files, wherever they lie now. */
async function requestAgain(imageId: string, parts: JobParts): Promise<ResolvedRequest> {
  const { events, history, inputs, models, modelHash, requestFiles, upscalers } = parts
  const { request: kept, model: made, imported } = history.image(imageId)
  if (imported) {
    const message = `${imageId} was not made here, so it cannot be made again exactly. Take its settings and generate.`
    throw new StudioError('bad-request', message)
  }
  if (kept.editOf) {
    await inputs.describe(kept.editOf.id)
    return { ...kept, grid: null }
  }
  // The cell has its picture.
  const { request, said: saidOfFiles } = await findUpscalers({ ...kept, grid: null }, upscalers)
  for (const one of saidOfFiles) events.notify('warning', one)
  if (request.upscaleOf) {
    await inputs.describe(request.upscaleOf.id)
    return request
  }
  const { id, said } = await findModelAgain({ models, modelHash }, request.model, made)
  const model = await openableModel(models, id)
  await checkStart(request, inputs)
  await checkScheduler(request, model.path, parts.idleEngine())
  if (said.length > 0) events.notify('warning', ...said)
  const found = { ...(await requestFiles.findAgain(asDrawn(request))), model: model.id }
  return withModelsAgain(found, parts)
}

async function notesOn(
  input: GenerationRequestInput,
  { dataFolder, models, requestFiles, settings, turbo }: JobParts,
): Promise<RequestNote[]> {
  const asked = generationRequestSchema.parse(input)
  const model = await models.find(asked.model).catch(() => null)
  const device = asked.device === 'auto' ? settings.current().device : asked.device
  const isLeftOpen = asked.turbo === 'auto' && model !== null
  const request = { ...asked, turboBecause: isLeftOpen ? await turbo.find(model.path, device) : null }
  const family = model?.info?.family ?? null
  if (model?.info?.hasTextEncoder === false) {
    const list = unreadFields(input)
    return [
      ...(list.length > 0 ? [{ kind: 'noText' as const, list }] : []),
      ...requestNotes(withoutText(request)),
    ]
  }
  const notes = await notesBefore(request, dataFolder, (styled) => requestFiles.whoIsHere(styled, family))
  const ofNetwork = model?.info && notesOfNetwork[model.info.network]
  return ofNetwork ? [...ofNetwork(request), ...notes] : notes
}

/** What the text encoders before a kind of network make of a prompt: CLIP before U-Nets, language models before transformers. */
const notesOfNetwork: Partial<Record<ModelInfo['network'], typeof letterNotes>> = {
  unet: letterNotes,
  transformer: bracketNotes,
}
