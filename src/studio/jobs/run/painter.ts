import type { ImageRecord } from '../../../shared/library/history.ts'
import type { Progress } from '../../../shared/queue/jobs.ts'
import type { StoredJob } from '../queue/jobStore.ts'
import type { Turn } from '../queue/turn.ts'

/** Who draws the pictures of jobs: the studio's own engine, or a farm of workers. */
export interface Painter {
  /** How many jobs it works on at a time; the others wait in the queue. */
  atOnce(): number
  /** What each of its jobs waits for before it begins. */
  turn: Turn
  /** Whether what it draws may bring down the studio, by the memory it takes say. */
  drawsHere: boolean
  /** Runs a job from its first image that is not saved yet to its last. */
  run(job: StoredJob, listener: RunListener): Run
}

/** What a run reports while it goes on. */
export interface RunListener {
  progress(progress: Progress): void
  /** A finished image was saved: its row stands. */
  saved(image: ImageRecord): void
}

/** A job being run: wait for `ended`, which rejects when it fails. */
export interface Run {
  readonly ended: Promise<void>
  /** Asks for the end at the next evaluation. */
  cancel(): void
  /** The same, for a run that goes on later: what is known of its unfinished picture is kept. */
  pause(): void
  /** Ends it without waiting for the evaluation under way. */
  kill(): void
}
