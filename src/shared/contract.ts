import { z } from 'zod'
import {
  downloadSites,
  type Download,
  type DownloadPlan,
  type DownloadSite,
  type DownloadTokens,
} from './downloads.ts'
import { controlPreviewSchema, type ControlPreviewRequest } from './controls.ts'
import type { ErrorRecord } from './errors.ts'
import type { Generation } from './generation.ts'
import { fileCallSchemas, type FileCalls } from './fileCalls.ts'
import {
  openRequestSchema,
  type Device,
  type GenerationRequestInput,
  type ModelDefaults,
  type ResolvedRequest,
  type UsedFile,
  usedFileKinds,
} from './request.ts'
import type { RequestNote } from './requestNotes.ts'
import { upscaleCallSchemas, type UpscaleCalls } from './upscalers.ts'
import { settingsFields, type Settings } from './settings.ts'

/**
 * The contract between the studio and whoever drives it: a window over Electron IPC, a browser over a
 * WebSocket, the command line in the same process. Calls and events are declared here and nowhere else.
 * Messages are JSON; pictures have URLs (see `assetPaths`).
 */

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Job {
  id: string
  state: JobState
  request: ResolvedRequest
  createdAt: number // ms since 1970, as everywhere below
  startedAt: number | null
  finishedAt: number | null
  /** Images finished so far, oldest first. */
  imageIds: string[]
  progress: Progress | null
  error: ErrorRecord | null
}

export const phases = [
  'starting',
  'loading',
  'encoding',
  'denoising',
  'decoding',
  'upscaling',
  'saving',
] as const
export type Phase = (typeof phases)[number]

/**
 * Where a running job stands. `step` counts from 0 (nothing done) to `steps`, within image `image` of `images`: steps of
 * the sampler, and while a large picture is decoded the parts of it.
 */
export interface Progress {
  phase: Phase
  image: number
  images: number
  step: number
  steps: number
  /** Time the rest of the job will take, in ms; null while it cannot be known. */
  etaMs: number | null
  /** Asset path of the newest preview, if there is one. */
  previewUrl: string | null
  /** True once a stop was asked for and the running evaluation is being waited for. */
  stopping: boolean
}

/** Where the time of one picture went, in ms. */
export interface Timings {
  load: number
  textEncode: number
  denoise: number
  decode: number
  total: number
  unetRuns: number
  /** Time inside ONNX Runtime: in the U-Net alone, and in all networks. */
  unetRunMs: number
  runMs: number
}

/** One finished picture: the row of the history. */
export interface ImageRecord {
  id: string
  jobId: string
  createdAt: number
  width: number
  height: number
  /** Run again as it stands (batchSize 1) this gives the same pixels. */
  request: ResolvedRequest
  model: { id: string; name: string; hash: string }
  engineVersion: string
  onnxRuntimeVersion: string
  device: Exclude<Device, 'auto'>
  dtype: 'float32' | 'float16'
  timings: Timings
  trashedAt: number | null
  /** Absolute path of the PNG. */
  path: string
  url: string
  thumbnailUrl: string
}

export interface ModelRecord {
  /** Follows its name and its place below the model folder. */
  id: string
  /** The id it had in versions whose ids followed the absolute path: kept images and forms still name it. */
  formerId: string | null
  name: string
  path: string
  builtIn: boolean
  /** null: it cannot be opened, and `problem` says why. */
  info: ModelInfo | null
  problem: ErrorRecord | null
}

/** What the studio and the screen need to know of a model without running it. */
export interface ModelInfo {
  /** What it is called on the screen, where its makers say; its name is that of its file or folder. */
  title: string | null
  family: string
  layout: string
  predictionType: 'epsilon' | 'v_prediction' | 'sample'
  defaultWidth: number
  defaultHeight: number
  /** Largest side, in pixels. */
  maxSize: number
  /** Width and height must be multiples of this. */
  sizeMultiple: number
  hasTextEncoder: boolean
  canEncodeImages: boolean
  dtype: string
  /** Prompts that show what the model does well, from its model card; may be empty. */
  examplePrompts: string[]
  /** What suits it where nothing is asked for. */
  defaults: ModelDefaults
}

export interface DeviceRecord {
  device: Exclude<Device, 'auto'>
  available: boolean
  /** Adapter or processor name, where it is known. */
  name: string | null
  /** Why it is not available, or what the self-test found. */
  note: string | null
  /** Whether this is what `auto` stands for. */
  automatic: boolean
  /** Forms and precision the self-test decided on. */
  forms: { attention: 'fused' | 'sliced'; precision: 'float32' | 'float16' } | null
  /** Relative difference to the CPU, per form of operator that the self-test ran. */
  selfTest: Readonly<Record<string, number>> | null
  /** How many times faster than the CPU. */
  speed: number | null
}

export interface Page {
  items: ImageRecord[]
  /** Hand it back to get the next page; null at the end. */
  nextCursor: string | null
  /** Count of all that match, not only this page. */
  total: number
  /** false: at least `total` match; counting on would take too long. */
  isTotalExact: boolean
}

/** A picture on disk taken in as a starting point: content-addressed, so the same file is kept once. */
export interface InputImage {
  id: string
  width: number
  height: number
  url: string
}

/** What a request would take on the device it would run on. */
export interface Estimate {
  /** Memory at the worst moment, and what there is; null where it is not known. */
  peakBytes: number | null
  availableBytes: number | null
  /** Of all pictures of the request, by what pictures took before; null where there are none. */
  timeMs: number | null
}

/**
 * A picture drawn to be looked at, kept nowhere. The same request with the same seed, queued, gives the same picture, drawn
 * by the full decoder; a draft is drawn by the model's tiny one, where it brings one.
 */
export interface Draft {
  request: ResolvedRequest
  url: string
  /** From the call to the finished picture, in ms. */
  tookMs: number
}

/** What a file tells of how it was made; null when it tells nothing. */
export interface Inspection {
  generation: Generation | null
}

/** A model of this studio that a file names: its very files, or only its name. */
export interface ModelMatch {
  id: string
  by: 'hash' | 'name'
}

/** A file beside the model that another program's picture names. */
export type WantedFile = Pick<UsedFile, 'kind' | 'name'> & { hash: string | null }

/** The file that is here for it: the very same, or one that has its name. */
export interface FileMatch {
  name: string
  by: 'hash' | 'name'
}

/** A named text to put around prompts. */
export interface Style {
  name: string
  prompt: string
  negativePrompt: string
}

export interface Status {
  version: string
  onnxRuntimeVersion: string
  dataFolder: string
  engine: 'idle' | 'running' | 'absent'
  /** Device of the last run; null before the first. */
  device: Exclude<Device, 'auto'> | null
  /** Things a person must know that happened without them: a rebuilt database, a fallback to CPU. */
  notices: Notice[]
}

export interface Notice {
  id: string
  createdAt: number
  level: 'info' | 'warning' | 'error'
  message: string
}

/** folder: null is the studio's own. */
const downloadSchema = z.tuple([
  z.object({ link: z.string().max(2000), folder: z.string().max(4000).nullable().default(null) }),
])

const wantedFileSchema = z.object({
  kind: z.enum(usedFileKinds),
  name: z.string().max(300),
  hash: z.string().nullable(),
})

/** Arguments of every call, as zod tuples: nothing unchecked passes the border. */
export const callSchemas = {
  status: z.tuple([]),
  settings: z.tuple([]),
  /** Without the defaults, which would reset what the change leaves out. */
  changeSettings: z.tuple([z.object(settingsFields).partial()]),
  models: z.tuple([]),
  rescanModels: z.tuple([]),
  ...fileCallSchemas,
  devices: z.tuple([]),
  styles: z.tuple([]),
  findModel: z.tuple([z.object({ name: z.string().max(1000), hash: z.string().max(1000).nullable() })]),
  findFiles: z.tuple([z.array(wantedFileSchema).max(300)]),
  notes: z.tuple([openRequestSchema]),
  estimate: z.tuple([openRequestSchema]),
  controlPreview: z.tuple([controlPreviewSchema]),
  enqueue: z.tuple([openRequestSchema]),
  draft: z.tuple([openRequestSchema]),
  jobs: z.tuple([
    z
      .object({
        after: z.string().nullable().default(null),
        limit: z.number().int().min(1).max(500).default(200),
      })
      .optional(),
  ]),
  cancel: z.tuple([z.string()]),
  /** Ends the engine at once instead of waiting for the running evaluation. */
  stopNow: z.tuple([z.string()]),
  retry: z.tuple([z.string()]),
  dismissJob: z.tuple([z.string()]),
  history: z.tuple([
    z.object({
      search: z.string().max(1000).default(''),
      cursor: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(500).default(60),
      trashed: z.boolean().default(false),
    }),
  ]),
  image: z.tuple([z.string()]),
  rerun: z.tuple([z.string()]),
  trash: z.tuple([z.array(z.string()).max(10_000)]),
  restore: z.tuple([z.array(z.string()).max(10_000)]),
  /** Removes what lies in the trash, files too, for good. */
  emptyTrash: z.tuple([]),
  inputImage: z.tuple([z.string()]),
  ...upscaleCallSchemas,
  planDownload: downloadSchema,
  startDownload: downloadSchema,
  downloads: z.tuple([]),
  pauseDownload: z.tuple([z.string()]),
  resumeDownload: z.tuple([z.string()]),
  removeDownload: z.tuple([z.string()]),
  downloadTokens: z.tuple([]),
  setDownloadToken: z.tuple([z.object({ site: z.enum(downloadSites), token: z.string().nullable() })]),
} as const

export type CallName = keyof typeof callSchemas

/** The calls a client can make. Every one may throw a StudioError. */
export interface StudioCalls extends FileCalls, UpscaleCalls<Job> {
  status(): Promise<Status>
  settings(): Promise<Settings>
  changeSettings(change: Partial<Settings>): Promise<Settings>
  models(): Promise<ModelRecord[]>
  rescanModels(): Promise<ModelRecord[]>
  devices(): Promise<DeviceRecord[]>
  /** Those of the data folder's styles.csv. */
  styles(): Promise<Style[]>
  /** The model that another program calls so; null: it is not here. */
  findModel(made: NonNullable<Generation['model']>): Promise<ModelMatch | null>
  /** The files that another program names so, in their order; null: it is not here. */
  findFiles(wanted: WantedFile[]): Promise<(FileMatch | null)[]>
  /** What to know of a request before it runs: parts of it that would do nothing. */
  notes(request: GenerationRequestInput): Promise<RequestNote[]>
  /** What a request would take, from headers and from the history: cheap enough to be asked while a person types. */
  estimate(request: GenerationRequestInput): Promise<Estimate>
  /** The address of what a network would see of a control picture. Throws `not-found`, `bad-request`. */
  controlPreview(asked: ControlPreviewRequest): Promise<string>
  /** Puts a job at the end of the queue and answers at once; truth arrives as events. */
  enqueue(request: GenerationRequestInput): Promise<Job>
  /** Draws one picture outside the queue and the history. null: a newer draft or a job took its place. */
  draft(request: GenerationRequestInput): Promise<Draft | null>
  /**
   * Everything queued or running, then what ended recently, newest last: a page of it. Ask for the jobs after the last
   * one until none come. Throws `not-found` when that one is gone: then ask from the beginning.
   */
  jobs(page?: { after?: string | null; limit?: number }): Promise<Job[]>
  cancel(jobId: string): Promise<void>
  stopNow(jobId: string): Promise<void>
  /** Queues a failed or cancelled job again; its finished images stay. */
  retry(jobId: string): Promise<Job>
  /** Takes an ended job out of the list; its images stay. */
  dismissJob(jobId: string): Promise<void>
  history(query: z.input<(typeof callSchemas)['history']>[0]): Promise<Page>
  image(id: string): Promise<ImageRecord>
  /** Queues the image's own request again, to the same pixels. */
  rerun(imageId: string): Promise<Job>
  trash(imageIds: string[]): Promise<void>
  restore(imageIds: string[]): Promise<void>
  emptyTrash(): Promise<number>
  inputImage(id: string): Promise<InputImage>
  /** What is behind a link to Hugging Face or Civitai, and what fetching it would mean. Fetches no model. */
  planDownload(asked: DownloadRequest): Promise<DownloadPlan>
  /** Fetches it, or goes on with what was fetched of it before. Truth arrives as events. */
  startDownload(asked: DownloadRequest): Promise<Download>
  /** In the order in which they were asked for. */
  downloads(): Promise<Download[]>
  pauseDownload(id: string): Promise<void>
  resumeDownload(id: string): Promise<Download>
  /** Takes one out of the list; what an unfinished one fetched is deleted. */
  removeDownload(id: string): Promise<void>
  downloadTokens(): Promise<DownloadTokens>
  /** null: forgets it. A token is never told again. */
  setDownloadToken(given: { site: DownloadSite; token: string | null }): Promise<DownloadTokens>
}

/** folder: where it will lie, as an absolute path; the studio's own folder of models where none is given. */
export interface DownloadRequest {
  link: string
  folder?: string | null
}

/** What the studio tells every client. A client that (re)connects asks for the lists and is right again. */
export interface StudioEvents {
  jobChanged(job: Job): void
  jobDismissed(jobId: string): void
  progress(jobId: string, progress: Progress): void
  imageAdded(image: ImageRecord): void
  /** Images trashed, restored or removed: whoever shows the history asks again. */
  historyChanged(): void
  modelsChanged(models: ModelRecord[]): void
  /** More is known of the files, or they have changed: whoever shows them asks again. */
  filesChanged(): void
  settingsChanged(settings: Settings): void
  notice(notice: Notice): void
  downloadChanged(download: Download): void
  downloadRemoved(id: string): void
}

export type EventName = keyof StudioEvents
export const eventNames = [
  'jobChanged',
  'jobDismissed',
  'progress',
  'imageAdded',
  'historyChanged',
  'modelsChanged',
  'filesChanged',
  'settingsChanged',
  'notice',
  'downloadChanged',
  'downloadRemoved',
] as const satisfies readonly EventName[]
