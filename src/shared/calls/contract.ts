import { z } from 'zod'
import { downloadCallSchemas, type DownloadCalls } from './downloadCalls.ts'
import type { Download } from '../models/downloads.ts'
import { farmCallSchemas, type FarmCalls } from '../queue/farm.ts'
import { fileCallSchemas, type FileCalls } from './fileCalls.ts'
import { formCallSchemas, type FormCalls } from './formCalls.ts'
import { gridCallSchemas, type GridCalls } from '../grids/gridCalls.ts'
import { historyCallSchemas, type HistoryCalls, type ImageRecord } from '../library/history.ts'
import { importCallSchemas, type ImportCalls, type ImportState } from '../library/imports.ts'
import { insideCallSchemas, type InsideCalls, type LookProgress } from './insideCalls.ts'
import { jobCallSchemas, type Job, type JobCalls, type Progress } from '../queue/jobs.ts'
import { labCallSchemas, type LabCalls } from './labCalls.ts'
import type { MarkedImage } from '../library/marks.ts'
import { mixCallSchemas, type MixCalls, type WalkProgress } from './mixCalls.ts'
import { modelCallSchemas, type ModelCalls, type ModelRecord } from '../models/models.ts'
import { promptCallSchemas, type Kept, type PromptCalls } from './promptCalls.ts'
import { raceCallSchemas, type RaceCalls, type RaceGuess } from './raceCalls.ts'
import type { Device } from '../request/request.ts'
import { shellCallSchemas, type ShellCalls } from './shellCalls.ts'
import { settingsFields, type Settings } from '../settings.ts'
import { upscaleCallSchemas, type UpscaleCalls } from '../models/upscalers.ts'
import type { Notice } from '../notices.ts'

/**
 * The contract between the studio and whoever drives it: a window over Electron IPC, a browser over a
 * WebSocket, the command line in the same process. Calls and events are declared here and in the parts that it is put
 * together from. Messages are JSON; pictures have URLs (see `assetPaths`).
 */

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
  /** Whether files can be shown in the system's file manager and dragged out of the window. */
  hasDesktop: boolean
  /** Whether the program can look for newer versions of itself. */
  canUpdate: boolean
  /** Device of the last run; null before the first. */
  device: Exclude<Device, 'auto'> | null
  /** Things a person must know that happened without them: a rebuilt database, a fallback to CPU. */
  notices: Notice[]
}

/** Arguments of every call, as zod tuples: nothing unchecked passes the border. */
export const callSchemas = {
  status: z.tuple([]),
  report: z.tuple([]),
  settings: z.tuple([]),
  /** Without the defaults, which would reset what the change leaves out. */
  changeSettings: z.tuple([z.object(settingsFields).partial()]),
  ...fileCallSchemas,
  ...formCallSchemas,
  styles: z.tuple([]),
  ...modelCallSchemas,
  ...jobCallSchemas,
  ...farmCallSchemas,
  ...historyCallSchemas,
  ...importCallSchemas,
  ...gridCallSchemas,
  ...upscaleCallSchemas,
  ...labCallSchemas,
  ...insideCallSchemas,
  ...mixCallSchemas,
  ...raceCallSchemas,
  ...downloadCallSchemas,
  ...promptCallSchemas,
  ...shellCallSchemas,
} as const

export type CallName = keyof typeof callSchemas

/** The calls a client can make. Every one may throw a StudioError. */
export interface StudioCalls
  extends
    ModelCalls,
    FileCalls,
    FormCalls,
    JobCalls,
    FarmCalls,
    HistoryCalls,
    ImportCalls,
    GridCalls,
    UpscaleCalls<Job>,
    LabCalls,
    InsideCalls,
    MixCalls,
    RaceCalls,
    DownloadCalls,
    PromptCalls,
    ShellCalls {
  status(): Promise<Status>
  /** What helps to find a fault, as a text to hand on: without prompts, and without the paths of the person's own folder. */
  report(): Promise<string>
  settings(): Promise<Settings>
  changeSettings(change: Partial<Settings>): Promise<Settings>
  /** Those of the data folder's styles.csv. */
  styles(): Promise<Style[]>
}

/** What the studio tells every client. A client that (re)connects asks for the lists and is right again. */
export interface StudioEvents {
  jobChanged(job: Job): void
  jobDismissed(jobId: string): void
  /** A job that waits has its place before another one now, or at the end (null). */
  jobMoved(jobId: string, before: string | null): void
  progress(jobId: string, progress: Progress): void
  lookProgress(progress: LookProgress): void
  walkProgress(progress: WalkProgress): void
  /** Of the race's run that is under way. */
  raceGuess(guess: RaceGuess): void
  imageAdded(image: ImageRecord): void
  /** Stars, tags and the like of these pictures are others now. */
  marksChanged(marked: MarkedImage[]): void
  /** Images trashed, restored or removed: whoever shows the history asks again. */
  historyChanged(): void
  importsChanged(state: ImportState): void
  /** Grids made or removed: whoever shows them asks again. */
  gridsChanged(): void
  modelsChanged(models: ModelRecord[]): void
  /** More is known of the files, or they have changed: whoever shows them asks again. */
  filesChanged(): void
  settingsChanged(settings: Settings): void
  notice(notice: Notice): void
  downloadChanged(download: Download): void
  downloadRemoved(id: string): void
  keptChanged(kept: Kept): void
  /** Files were opened with the program, for the window that hears it: it asks which. */
  filesOpened(): void
}

export type EventName = keyof StudioEvents
export const eventNames = [
  'jobChanged',
  'jobDismissed',
  'jobMoved',
  'progress',
  'lookProgress',
  'walkProgress',
  'raceGuess',
  'imageAdded',
  'marksChanged',
  'historyChanged',
  'importsChanged',
  'gridsChanged',
  'modelsChanged',
  'filesChanged',
  'settingsChanged',
  'notice',
  'downloadChanged',
  'downloadRemoved',
  'keptChanged',
  'filesOpened',
] as const satisfies readonly EventName[]
