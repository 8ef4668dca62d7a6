import { z } from 'zod'
import { controlPreviewSchema, type ControlPreviewRequest } from '../request/controls.ts'
import type { ErrorRecord } from '../errors.ts'
import { branchChangeSchema, type BranchChange } from '../request/branch.ts'
import { openRequestSchema, type GenerationRequestInput, type ResolvedRequest } from '../request/request.ts'
import type { RequestNote } from '../request/requestNotes.ts'

/** Jobs: what was asked for, where it stands, and the part of the contract that is about them. */

export type JobState = 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'

export interface Job {
  id: string
  state: JobState
  request: ResolvedRequest
  /** Who asked for it; null: who sits at the machine. */
  asker: Asker | null
  createdAt: number // ms since 1970, as everywhere below
  startedAt: number | null
  finishedAt: number | null
  /** Images finished so far, oldest first. */
  imageIds: string[]
  progress: Progress | null
  error: ErrorRecord | null
}

/** Somebody who logged in, or a program by its key. */
export interface Asker {
  id: string
  name: string
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
 * the sampler in all passes, and while a large picture is decoded or enlarged the parts of it.
 */
export interface Progress {
  phase: Phase
  image: number
  images: number
  step: number
  steps: number
  /** Which of two passes it is in; null where there is but one. */
  pass: 1 | 2 | null
  /** Time the rest of the job will take, in ms; null while it cannot be known. */
  etaMs: number | null
  /** Asset path of the newest preview, if there is one. */
  previewUrl: string | null
  /** True once a stop was asked for and the running evaluation is being waited for. */
  stopping: boolean
}

/** How long what waits will take, by what pictures took before. */
export interface QueueTimes {
  /** Of the first that wait, in the order of the queue; null where nothing like it was made yet. In ms. */
  jobs: { id: string; timeMs: number | null }[]
  /** Of all that wait and whose time is known, in ms. */
  waitingMs: number
  /** How many wait whose time is not known. */
  unknown: number
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

/** Arguments of the calls about jobs. */
export const jobCallSchemas = {
  notes: z.tuple([openRequestSchema]),
  estimate: z.tuple([openRequestSchema]),
  controlPreview: z.tuple([controlPreviewSchema]),
  enqueue: z.tuple([openRequestSchema]),
  draft: z.tuple([openRequestSchema]),
  prepare: z.tuple([openRequestSchema]),
  jobs: z.tuple([
    z
      .object({
        after: z.string().nullable().default(null),
        limit: z.number().int().min(1).max(500).default(200),
      })
      .optional(),
  ]),
  pause: z.tuple([z.string()]),
  resume: z.tuple([z.string()]),
  pauseAll: z.tuple([]),
  resumeAll: z.tuple([]),
  cancel: z.tuple([z.string()]),
  /** Ends the engine at once instead of waiting for the running evaluation. */
  stopNow: z.tuple([z.string()]),
  cancelAll: z.tuple([]),
  retry: z.tuple([z.string()]),
  moveJob: z.tuple([z.string(), z.string().nullable()]),
  queueTimes: z.tuple([]),
  dismissJobs: z.tuple([z.array(z.string())]),
  bringJobsBack: z.tuple([z.array(z.string())]),
  rerun: z.tuple([z.string()]),
  branch: z.tuple([
    z.object({
      imageId: z.string().max(200),
      /** The prediction of its run, counted from 0, that is made in the changed way first. */
      at: z.number().int().min(1).max(100_000),
      change: branchChangeSchema,
    }),
  ]),
} as const

export interface JobCalls {
  /** What to know of a request before it runs: parts of it that would do nothing. */
  notes(request: GenerationRequestInput): Promise<RequestNote[]>
  /** What a request would take, from headers and from the history: cheap enough to be asked while a person types. */
  estimate(request: GenerationRequestInput): Promise<Estimate>
  /** The address of what a network would see of a control picture. Throws `not-found`, `bad-request`. */
  controlPreview(asked: ControlPreviewRequest): Promise<string>
  /** Puts a job into the queue, behind all others of who asks, and answers at once; truth arrives as events. */
  enqueue(request: GenerationRequestInput): Promise<Job>
  /** Draws one picture outside the queue and the history. null: a newer draft or a job took its place. */
  draft(request: GenerationRequestInput): Promise<Draft | null>
  /**
   * Opens the model of a request that is still being written, so that its run begins at once. Makes way for jobs and
   * drafts. What is wrong with the request is said when it is sent.
   */
  prepare(request: GenerationRequestInput): Promise<void>
  /**
   * Everything queued or running, then what ended recently, newest last: a page of it. Ask for the jobs after the last
   * one until none come. Throws `not-found` when that one is gone: then ask from the beginning.
   */
  jobs(page?: { after?: string | null; limit?: number }): Promise<Job[]>
  /**
   * Holds a job until `resume`, also over restarts: one that runs stops after the evaluation under way, and the next in the
   * queue begins. Throws `bad-request` for one that has ended.
   */
  pause(jobId: string): Promise<void>
  /** A paused job takes its place in the queue again and goes on inside its picture, to the same pixels. */
  resume(jobId: string): Promise<void>
  /** Holds what runs and what waits. */
  pauseAll(): Promise<void>
  /** All that is paused goes on, each in its place in the queue. */
  resumeAll(): Promise<void>
  cancel(jobId: string): Promise<void>
  stopNow(jobId: string): Promise<void>
  /** Cancels what runs and what waits, but not what is paused; answers the ids, in the order of the queue. */
  cancelAll(): Promise<string[]>
  /**
   * Puts a job that waits before another one that waits, or at the end (null). Where that one no longer waits, it is put at
   * the front. Throws `bad-request` for one that does not wait.
   */
  moveJob(jobId: string, before: string | null): Promise<void>
  queueTimes(): Promise<QueueTimes>
  /** Queues a failed or cancelled job again; its finished images stay. */
  retry(jobId: string): Promise<Job>
  /** Takes ended jobs out of the list; their images stay. Throws `bad-request` where one has not ended, and takes none. */
  dismissJobs(jobIds: string[]): Promise<void>
  /** Puts dismissed jobs back as they were. Throws `not-found` for those of too long ago, or of before a restart. */
  bringJobsBack(jobIds: string[]): Promise<void>
  /** Queues the image's own request again, to the same pixels. */
  rerun(imageId: string): Promise<Job>
  /**
   * Queues a picture that goes on from the middle of an image's run with something changed. Throws `bad-request` for an image
   * that was not drawn and for a model that reads other latents.
   */
  branch(asked: { imageId: string; at: number; change: BranchChange }): Promise<Job>
}
