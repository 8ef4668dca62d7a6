import type { ModelInfo } from '../../shared/models/models.ts'
import type { EngineTask } from '../../shared/engine/engineContract.ts'
import type { Device } from '../../shared/request/request.ts'
import type { Embedding } from '../adapters/embeddingFile.ts'
import type { PredictionType } from '../denoiser.ts'
import type { UnetSize } from '../graph/unet/unet.ts'
import type { Latents } from '../latents.ts'
import type { MemoryPlan } from '../memory/memoryPlan.ts'
import type { BeforePart } from '../picture/tiles.ts'
import type { NoiseScheduleConfig } from '../plan/noiseScheduleConfig.ts'
import type { Family } from './family.ts'
import type { Warn } from '../../shared/notices.ts'

/** A loaded model: what the pipeline needs to know of it, and its networks as functions of plain arrays. */
export interface Model {
  readonly info: ModelInfo
  readonly family: Family
  readonly textEncoders: readonly TextEncoderFacts[]
  /** Channels of the latents the sampler works on. */
  readonly latentChannels: number
  /** Channels the U-Net reads: 4, or 9 for inpainting models (latents, mask, masked image). */
  readonly unetChannels: number
  /** Pixels a latent stands for along one side: 8; 1 for models that work on pixels. */
  readonly latentScale: number
  readonly scalingFactor: number
  readonly shiftFactor: number
  readonly noiseSchedule: NoiseScheduleConfig
  /** scheduler_config.json as it lies on disk; null where there is none. */
  readonly schedulerConfig: Readonly<Record<string, unknown>> | null
  readonly predictionType: PredictionType
  /** Takes the guidance scale as an input and needs no negative prompt: Luo et al. 2023, latent consistency models. */
  readonly guidanceDistilled: boolean
  /** The clip skip the model is made for: 1 the last hidden state, 2 the one before. */
  readonly clipSkip: number
  /** Context and pooled embedding of an empty negative prompt are zeros instead of encoded (SDXL base). */
  readonly zerosForEmptyNegative: boolean
  /** Where the tiny VAE that draws previews lies; null where there is none. */
  readonly previewVae: string | null
  readonly device: Exclude<Device, 'auto'>
  readonly dtype: 'float32' | 'float16'
  /** Summed since the model was opened: one entry a network. */
  readonly tallies: Readonly<Record<NetworkKind, Tally>>
  /**
   * Encodes one window of `maxTokens` ids. clipSkip counts hidden states from the end, 1 the last; with the final
   * layer norm for SD 1 and 2, without it for SDXL. Readers of chats take any number of ids, of which those behind the
   * first `said` only fill up, and read the hidden states of their family.
   */
  encodeText(
    encoder: number,
    ids: readonly number[],
    clipSkip: number,
    inserted?: readonly InsertedVectors[],
    said?: number,
  ): Promise<TextEncoding>
  /** Opens, or goes on using, the one live U-Net session. */
  openUnet(use: UnetUse): Promise<Unet>
  /**
   * Opens, or goes on using, the U-Net with its inside seen; a large one takes the place of the one that draws. `profile`: where what every
   * operator takes is written. null: the network cannot be looked into.
   */
  readonly openLookedUnet: ((size: UnetSize, profile?: string) => Promise<LookedUnet>) | null
  /**
   * Opens, or goes on using, ControlNets and T2I-Adapters, in the order of their files and sized as the U-Net; frees
   * those that were open before. Throws a coded error for one that does not fit.
   */
  openControls(paths: readonly string[], size: UnetSize): Promise<ControlNet[]>
  /**
   * Opens what makes pictures of latents of a size, and runs it once where it keeps the memory that it takes: the first
   * picture is then decoded as fast as those after it. Nothing where the model leaves no room for it beside its U-Net.
   */
  rehearse(height: number, width: number): Promise<void>
  /** How memory is to be used from now on. */
  useMemory(plan: Omit<MemoryPlan, 'peakBytes'>): void
  /** Called before a picture is encoded or decoded, between two drawings: lets go what the plan says for it. */
  makeRoom(): Promise<void>
  /**
   * Latents as the sampler leaves them to planar RGB [3, H, W], about -1..1. Where half precision or a graphics card
   * makes no picture of them (NaN, black, one colour) they are decoded once more in float32, and that is told. `before`
   * is told before each part of a large one, and may throw to end it there.
   */
  decode(latents: Latents, before?: BeforePart): Promise<Float32Array>
  /**
   * Planar RGB [3, height, width] in -1..1 to the posterior's mean and log variance, not yet scaled; `before` as for
   * decoding.
   */
  encode(
    rgb: Float32Array,
    height: number,
    width: number,
    before?: BeforePart,
  ): Promise<{ mean: Latents; logvar: Latents }>
  /**
   * Opens, or goes on using, the tiny VAE at `previewVae`: height and width in latents. Throws a coded error that
   * names it when it cannot be used. null where there is none.
   */
  readonly openPreviewVae: ((height: number, width: number) => Promise<PreviewVae>) | null
  /** Of the files of an autoencoder that is worn in place of the model's own; null: it is the model's own. */
  readonly vaeStamp: string | null
  /** Textual inversions that prompts can name. */
  readonly embeddings: readonly Embedding[]
  /**
   * The same model under adapters, embeddings and another autoencoder, for one picture after the other. A network stays
   * open as long as what it is built of stays the same: other strengths open nothing. `warn` hears what of a file is left
   * out. Throws `does-not-fit`, and what reading the files throws.
   */
  wearing(clothes: Clothes, warn: Warn): Promise<Model>
  /** Frees every session; the model cannot be used afterwards. */
  release(): Promise<void>
}

/** Everything about a model that is not a network at work. */
export type ModelFacts = Omit<
  Model,
  | 'encodeText'
  | 'openUnet'
  | 'openLookedUnet'
  | 'openControls'
  | 'useMemory'
  | 'makeRoom'
  | 'rehearse'
  | 'decode'
  | 'encode'
  | 'openPreviewVae'
  | 'vaeStamp'
  | 'embeddings'
  | 'wearing'
  | 'release'
  | keyof TargetFacts
>
type TargetFacts = Pick<Model, 'device' | 'dtype' | 'tallies'>

export type NetworkKind =
  'textEncoder' | 'unet' | 'control' | 'vaeDecoder' | 'vaeEncoder' | 'previewVae' | 'upscaler'

/** How often a network was run, and for how long in all. */
export interface Tally {
  runs: number
  runMs: number
  loadMs: number
}

/** What a picture can be made with beside the model. */
export type Clothes = Pick<EngineTask, 'adapters' | 'embeddings' | 'vaePath'>

/** Vectors [count, width] that stand in place of the token embeddings from one token of a window on. */
export interface InsertedVectors {
  at: number
  vectors: Float32Array
}

export interface TextEncoding {
  /** [tokens, width], row-major. */
  hidden: Float32Array
  pooled: Float32Array | null
  width: number
}

export interface TextEncoderFacts {
  width: number
  layers: number
  maxTokens: number
  vocabSize: number
  /** null: the published CLIP vocabulary, which a single file does not carry. */
  tokenizerFolder: string | null
  /** With the published vocabulary, the token texts are filled up with: end of text for CLIP, "!" for OpenCLIP. */
  padToken: string | null
}

/** What a U-Net is opened for. */
export interface UnetUse extends Omit<UnetSize, 'look' | 'batch'> {
  /** Evaluations will be asked for two by two, by `runBoth` where the U-Net has it. */
  inPairs?: boolean
}

/** What a U-Net is asked. */
export type UnetQuestion = Parameters<Unet['run']>

export interface Unet {
  /**
   * One evaluation on one image. `input` is [unetChannels, height, width], `context` [tokens, width];
   * answers what the network predicts, [latentChannels, height, width].
   */
  run(
    input: Float32Array,
    timestep: number,
    context: Float32Array | null,
    added?: AddedConditions,
    control?: Control,
  ): Promise<Float32Array>
  /** Two evaluations in one run. Absent where that is no faster, or there is no room for it. */
  runBoth?(first: UnetQuestion, second: UnetQuestion): Promise<[Float32Array, Float32Array]>
  /**
   * Has the next evaluation made with weights that were widened before (true), in the run (false), or as the network finds
   * it (null), and answers which of both it will be. Absent where there are no two forms.
   */
  widen?(wanted: boolean | null): Promise<boolean>
}

/** A U-Net whose inside is seen; see graph/unet/look.ts for what it answers beside its `prediction`. */
export interface LookedUnet {
  run(
    input: Float32Array,
    timestep: number,
    context: Float32Array | null,
    added: AddedConditions,
    control?: Control,
    dials?: Dials,
  ): Promise<Record<string, Float32Array>>
  endProfile(): void
}

/** What a run turns inside: a factor of every skip connection, and FreeU's b and s of both stages. */
export interface Dials {
  skips: Float32Array
  freeU: Float32Array
}

/** What is added inside a U-Net; null is nothing. */
export interface Control {
  /** For every skip connection, the middle's last. */
  residuals: readonly Float32Array[] | null
  /** For every level, and the middle where there is one more. */
  features: readonly Float32Array[] | null
}

/** A network that steers the U-Net with a picture. */
export interface ControlNet {
  readonly kind: keyof Control
  /** How many features it gives; 0 for residuals. */
  readonly features: number
  /** Tells nothing of places, and leaves the negative prompt alone. */
  readonly pooled: boolean
  /** `hint`: planar RGB [3, H, W] in 0..1 at the picture's size; the rest as the U-Net's. */
  run(
    hint: Float32Array,
    input: Float32Array,
    timestep: number,
    context: Float32Array | null,
    added: AddedConditions,
  ): Promise<Float32Array[]>
}

export interface PreviewVae {
  /** Pixels a latent becomes along one side. */
  readonly scale: number
  /** Latents as the sampler leaves them to planar RGB [3, height·scale, width·scale], about -1..1. */
  run(latents: Float32Array): Promise<Float32Array>
}

/** What models are told beside the text. */
export interface AddedConditions {
  pooled?: Float32Array
  /** Sizes and crop as SDXL takes them: six numbers, five for the refiner. */
  timeIds?: Float32Array
  /** For models distilled with guidance (latent consistency), which take the scale as an input. */
  guidanceScale?: number
  /** Clean latents of the pictures that are looked at. */
  references?: readonly Latents[]
}
