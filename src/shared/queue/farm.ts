import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'
import type { Device } from '../request/request.ts'

/** A farm: workers on any machines that draw a studio's pictures. Calls of the contract, and how it stands. */

/** What a worker says of itself. */
export const workerReportSchema = z.object({
  name: z.string().min(1).max(100),
  /** What "auto" stands for there, and what else there is. */
  devices: z.array(z.string().max(20)).min(1),
  /** What its pictures may take. */
  memoryBytes: z.number().positive(),
  /** Hashes of the models that it has. */
  models: z.array(z.string().length(64)).max(10_000),
})
export type WorkerReport = z.output<typeof workerReportSchema>

export interface FarmWorker extends Omit<WorkerReport, 'models'> {
  /** Its models, counted. */
  models: number
  state: 'drawing' | 'waiting' | 'paused' | 'away'
  /** Also of one that still ends its picture, or is away. */
  isPaused: boolean
  /** Pictures that it has brought since the studio started. */
  drawn: number
  /** Ms for a step of a picture of 512 by 512, of the last pictures; null before the first. */
  stepMs: number | null
  lastHeard: number // ms since 1970
  /** The pictures that it has now, and since when. */
  drawing: { jobId: string; since: number }[]
}

/** A picture that was given up. */
export interface DeadLetter {
  imageId: string
  jobId: string
  failedAt: number // ms since 1970
  reason: ErrorRecord
}

export interface FarmState {
  /** false: Redis is away. What waits stays in the studio, and goes on when it is back. */
  isConnected: boolean
  /** Name of the queue in Redis. */
  queue: string
  /** Pictures of running jobs that no worker has yet, and those that one draws. */
  waiting: number
  drawing: number
  workers: FarmWorker[]
  /** The newest first. */
  deadLetters: DeadLetter[]
}

/** What a request asks of the machine that draws it. */
export interface ImageNeeds {
  device: Device
  /** null: not known. */
  memoryBytes: number | null
  /** Hash of its model's largest file, and what all its files have. */
  model: string
  modelBytes: number
  /** Steps times pixels, 1 being a step of a picture of 512 by 512. */
  work: number
}

export const farmCallSchemas = {
  farm: z.tuple([]),
  pauseWorker: z.tuple([z.string().max(100), z.boolean()]),
  discardLetter: z.tuple([z.string().max(100)]),
} as const

export interface FarmCalls {
  /** How the farm stands; null: the studio's own engine draws. */
  farm(): Promise<FarmState | null>
  /** Lets a worker take no more pictures, or again; it stays so over restarts. Throws `not-found`; `bad-request` where there is no farm. */
  pauseWorker(name: string, isPaused: boolean): Promise<void>
  /** Forgets a picture that was given up; its job stays as it is. Throws `bad-request` where there is no farm. */
  discardLetter(imageId: string): Promise<void>
}
