import type { Phase, Progress } from '../queue/jobs.ts'
import type { Timings } from '../library/history.ts'
import type { ModelInfo, DeviceRecord } from '../models/models.ts'
import type { ControlRequest, Preprocessor } from '../request/controls.ts'
import type { PromptReadings } from '../calls/promptCalls.ts'
import type { FileExamination, ModelExamination, ModelHashes } from './examination.ts'
import type { Device, ResolvedRequest } from '../request/request.ts'
import type { TurboFinding } from '../request/automaticTurbo.ts'
import type { EngineLooks, ToldPredictions, EngineRaceGuess } from './engineLooks.ts'
import type { Seed } from '../request/seed.ts'
import type { UpscalerWork } from '../models/upscalerWork.ts'
import type { Saying } from '../notices.ts'

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

/** A LoRA or another adapter, as it is applied. A strength of 0 leaves a network as it is, 1 is as trained. */
export interface EngineAdapter {
  /** As people call it, for what is said of it. */
  name: string
  path: string
  unet: number
  text: number
  /** Factors of single U-Net blocks, 12, 17, 20 or 26 of them as sd-webui-lora-block-weight orders them. */
  blocks: readonly number[] | null
}

/** A textual inversion: the word in prompts that stands for its vectors. */
export interface EngineEmbedding {
  name: string
  path: string
}

/** A model and what it wears. */
export interface DressedModel {
  modelPath: string
  adapters: readonly EngineAdapter[]
  /** Those that the prompts name; others do no harm. */
  embeddings: readonly EngineEmbedding[]
  /** An autoencoder in place of the model's own: a file or a folder. */
  vaePath: string | null
}

export interface EngineTask extends DressedModel {
  jobId: string
  /** Of a branch: the models of the legs before the last, in their order. The others draw all with one. */
  before?: readonly DressedModel[]
  device: Device
  request: ResolvedRequest
  /** Number of images of the batch that are finished already: the run goes on from there. */
  firstImage: number
  /**
   * To be looked at, and soon: where the model brings a tiny VAE, that draws the finished latents, as a preview in place
   * of an image. Nothing else is previewed.
   */
  isDraft: boolean
  /** The picture to start from: at the request's width and height, or whole where its masked area alone is painted. */
  initImage: Pixels | null
  /** What to paint anew (white) and what to keep (black), of the same size. */
  mask: Pixels | null
  /** Pictures that the model looks at, as they are; may be left out. */
  references?: readonly Pixels[]
  /** Pictures that steer the drawing, all at once. */
  controls: readonly EngineControl[]
  /** The files of the upscalers that the request names; null where it names none or a filter. */
  hiresUpscaler: string | null
  upscaler: string | null
}

/** A picture that steers the drawing, with its network's file or folder. */
export interface EngineControl extends Omit<ControlRequest, 'model' | 'image'> {
  path: string
  /** As it was given, at the request's width and height. */
  picture: Pixels
}

/** What of a task decides how much memory it takes. */
export interface SizedTask extends Pick<
  EngineTask,
  'modelPath' | 'device' | 'request' | 'adapters' | 'vaePath' | 'hiresUpscaler' | 'upscaler'
> {
  controls: readonly Pick<EngineControl, 'path' | 'weight'>[]
}

/** A picture to enlarge as `request.upscale` says, without drawing anything. */
export type UpscaleTask = Pick<EngineTask, 'jobId' | 'device' | 'request' | 'upscaler'> & { picture: Pixels }

/** Latents [channels, height, width], row-major. */
export interface EngineLatents {
  channels: number
  height: number
  width: number
  data: Float32Array
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
  unetWidening: ResolvedRequest['unetWidening']
  guidanceTogether: ResolvedRequest['guidanceTogether']
  device: Exclude<Device, 'auto'>
  dtype: 'float32' | 'float16'
  timings: Timings
}

/** What a U-Net answered once. */
export interface Evaluation {
  answer: Float32Array
  /** Whether its weights had been widened before; null for one that has no two forms. */
  widened: boolean | null
  /** Whether it is one of two that were made in one run; null for one that had no other beside it, or on the CPU. */
  together: boolean | null
}

export interface EngineProgress {
  jobId: string
  phase: Phase
  image: number
  step: number
  steps: number
  pass: Progress['pass']
}

/** Prompts to be read as a model reads them, whose choices are made. */
export type ReadingTask = Pick<EngineTask, 'modelPath' | 'request' | 'embeddings'>

/** In bytes: of the engine's process on the CPU, of the device elsewhere. */
export interface MemoryEstimate {
  peakBytes: number
  /** null: not known. */
  availableBytes: number | null
}

export interface EngineCalls extends EngineLooks {
  /** Answers, and does nothing else: an engine that does not hangs. */
  ping(): Promise<void>
  versions(): Promise<{ engine: string; onnxRuntime: string }>
  describeModel(path: string): Promise<ModelInfo>
  /** Throws what a request cannot run for on a model: settings of its scheduler that divide by zero, too few steps. */
  checkRequest(path: string, request: ResolvedRequest): Promise<void>
  /** What a model reads of the prompts, and its noise levels; opens no network. Throws what `checkRequest` does. */
  readPrompts(task: ReadingTask): Promise<Omit<PromptReadings, 'isExample'>>
  /** The memory a task would take at its worst moment, from headers alone; null where these do not tell. */
  estimate(task: SizedTask): Promise<MemoryEstimate | null>
  /** What the upscaler in a file has to do, from its header; null where that does not tell. */
  upscalerWork(path: string): Promise<UpscalerWork | null>
  /** What lies at a path, whether or not it is a model; with `hash`, which reads everything, its hashes too. */
  examineModel(path: string, options: { hash: boolean }): Promise<ModelExamination>
  /** What .safetensors files are, in the order given. */
  examineFiles(paths: readonly string[]): Promise<FileExamination[]>
  /** The picture in the header of a .safetensors file as a data URL; null where there is none. */
  headerThumbnail(path: string): Promise<string | null>
  /** Reads a whole file. */
  hashFile(path: string): Promise<ModelHashes>
  devices(): Promise<DeviceRecord[]>
  /** What automatic finds of Turbo for a model, from headers and what is kept of the self-test. */
  findTurbo(path: string, device: Device): Promise<TurboFinding>
  /** Tests Turbo for a model and keeps what it finds; null: for the published kinds. Where that is done, it ends at once. */
  testTurbo(path: string | null): Promise<void>
  /** Makes a control picture as a run would. */
  preprocess(picture: Pixels, preprocessor: Preprocessor, settings: Record<string, number>): Promise<Pixels>
  /**
   * Runs a task to its end; images arrive as events before it answers. `evaluations` are what the U-Net answered for the
   * first image already, in that order: it goes on from there. Throws `cancelled` after a cancel.
   */
  run(task: EngineTask, evaluations?: readonly Evaluation[]): Promise<void>
  /** Enlarges a picture, which arrives as `image` does of a run. Throws `cancelled` after a cancel. */
  upscale(task: UpscaleTask): Promise<void>
  /** Opens what a task's first evaluation needs, and draws nothing. Ends by itself there, so it cannot be cancelled. */
  prepare(task: EngineTask): Promise<void>
  /** Heard between evaluations, and between tiles of a picture that is enlarged. */
  cancel(jobId: string): Promise<void>
}

export interface EngineEvents {
  progress(progress: EngineProgress): void
  /** Predicted clean latents as colours: of the picture's size where a tiny VAE drew them, else one pixel a latent. */
  preview(jobId: string, pixels: Pixels): void
  image(image: EngineImage): void
  /** What the U-Net answered for an image, one after the other; of drafts nothing is told. */
  evaluated(jobId: string, index: number, evaluation: Evaluation): void
  /** Only of the job that is watched; nobody need listen. */
  predictions?(told: ToldPredictions): void
  /** Of the race's run that is under way; nobody need listen. */
  raceGuess?(guess: EngineRaceGuess): void
  /** Something the person should know that did not stop the run. */
  warning(said: Saying): void
}
