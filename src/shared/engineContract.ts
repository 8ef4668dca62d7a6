import type { ModelInfo, DeviceRecord, Phase, Timings } from './contract.ts'
import type { Device, ResolvedRequest, Seed } from './request.ts'

/**
 * The contract between the studio and its engine process. Carried by a child process channel with structured
 * clone, so typed arrays pass as they are. The engine knows tensors; files, rows and queues are the studio's.
 */

/** 8-bit RGB, interleaved, row-major: `data.length === width * height * 3`. */
export interface Pixels {
  width: number
  height: number
  data: Uint8Array
}

export interface EngineTask {
  jobId: string
  modelPath: string
  device: Device
  request: ResolvedRequest
  /** Number of images of the batch that are finished already: the run goes on from there. */
  firstImage: number
  /** The picture to start from, already at the request's width and height. */
  initImage: Pixels | null
  /** What to paint anew (white) and what to keep (black), of the same size. */
  mask: Pixels | null
}

/** One finished image, with what is needed to make exactly it again. */
export interface EngineImage {
  jobId: string
  index: number
  pixels: Pixels
  seed: Seed
  batchStart: number
  batchOf: number | null
  variationSeed: Seed | null
  device: Exclude<Device, 'auto'>
  dtype: 'float32' | 'float16'
  timings: Timings
}

export interface EngineProgress {
  jobId: string
  phase: Phase
  image: number
  step: number
  steps: number
}

export interface EngineCalls {
  versions(): Promise<{ engine: string; onnxRuntime: string }>
  describeModel(path: string): Promise<ModelInfo>
  devices(): Promise<DeviceRecord[]>
  /** Runs a task to its end; images arrive as events before it answers. Throws `cancelled` after a cancel. */
  run(task: EngineTask): Promise<void>
  /** Heard between evaluations. */
  cancel(jobId: string): Promise<void>
}

export interface EngineEvents {
  progress(progress: EngineProgress): void
  /** Predicted clean latents as colours, one pixel a latent. */
  preview(jobId: string, pixels: Pixels): void
  image(image: EngineImage): void
}
