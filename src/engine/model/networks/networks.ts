import type { NetworkAdapter } from '../../graph/adapters/adaptation.ts'
import type { Dialect } from '../../graph/writing/value.ts'
import type { UnetSize } from '../../graph/unet/unet.ts'
import type { BeforePart } from '../../picture/tiles.ts'
import type {
  AddedConditions,
  Control,
  Dials,
  InsertedVectors,
  NetworkKind,
  Tally,
  TextEncoding,
  UnetQuestion,
} from '../model.ts'
import type { RealDevice } from '../runtime/session.ts'
import type { TogetherSpeed } from '../runtime/togetherTest.ts'

/** The networks of a model as functions of plain arrays, opened one at a time; how they are stored is not seen. */
export interface Networks {
  /** What the U-Net computes in. */
  readonly precision: Dialect['precision']
  /** What all text encoders together take in memory. */
  readonly textBytes: number
  /** `skip`: which hidden state, counted from the end (1 = last). */
  openTextEncoder(encoder: number, skip: number, adapters?: readonly NetworkAdapter[]): Promise<TextNetwork>
  /** Networks that know no batch, or no control, leave that alone. */
  openUnet(
    size: Omit<UnetSize, 'look'>,
    how?: { adapters?: readonly NetworkAdapter[] | undefined; widening?: Widening },
  ): Promise<UnetNetwork>
  /**
   * A U-Net that is looked into as `size.look` says; see `SessionOptions` for `profile`. null: it cannot be. Large ones
   * stay in their file.
   */
  readonly openLookedUnet:
    | ((size: UnetSize, adapters?: readonly NetworkAdapter[], profile?: string) => Promise<LookedNetwork>)
    | null
  /**
   * Size in latents: [latentChannels, height, width], unscaled, to [3, H, W]. null: the U-Net works on pixels. `inBands`: in
   * bands of rows on a graphics card too.
   */
  readonly openVaeDecoder: OpenPictures | null
  /** The decoder in float32, where `openVaeDecoder` is of half precision. */
  readonly openFloat32VaeDecoder?: (height: number, width: number) => Promise<PictureNetwork>
  /** Size in pixels: [3, height, width] to means, then log variances, of every latent. */
  readonly openVaeEncoder: OpenPictures | null
}

type OpenPictures = (height: number, width: number, inBands?: boolean) => Promise<PictureNetwork>

/**
 * When the weights of a large U-Net become float32 on the CPU: once, while it is opened; layer by layer in every run,
 * which opens at once, takes a third of the memory and a little more time; or so at first, and once for all beside the
 * first runs. The sums are the same, their order is not.
 */
export type Widening = 'at opening' | 'in the run' | 'beside the run'

/** `strengths`: of the adapters that are not merged, a row of all blocks each. */
export interface TextNetwork {
  encode(
    ids: readonly number[],
    inserted?: readonly InsertedVectors[],
    strengths?: Float32Array,
    said?: number,
  ): Promise<TextEncoding>
  release(): Promise<void>
}

export interface UnetNetwork {
  run(
    input: Float32Array,
    timestep: number,
    context: Float32Array | null,
    added: AddedConditions,
    strengths?: Float32Array,
    control?: Control,
  ): Promise<Float32Array>
  /** See `Unet.runBoth`. */
  runBoth?(
    first: UnetQuestion,
    second: UnetQuestion,
    strengths?: Float32Array,
  ): Promise<[Float32Array, Float32Array]>
  /** See `Unet.widen`. */
  widen?(wanted: boolean | null): Promise<boolean>
  release(): Promise<void>
}

/** A U-Net that answers with everything its graph puts out, `prediction` among it. */
export interface LookedNetwork {
  run(
    input: Float32Array,
    timestep: number,
    context: Float32Array | null,
    added: AddedConditions,
    beside: {
      strengths?: Float32Array | undefined
      control?: Control | undefined
      dials?: Dials | undefined
    },
  ): Promise<Record<string, Float32Array>>
  endProfile(): void
  release(): Promise<void>
}

export interface PictureNetwork {
  /** `before` is told before each part where the picture is computed in parts, and may throw to end it there. */
  run(input: Float32Array, before?: BeforePart): Promise<Float32Array>
  /** Runs once on nothing, which takes the memory that later runs find there. Absent where a run gives it back. */
  rehearse?(): Promise<void>
  release(): Promise<void>
}

/** On the CPU: measured, see ARCHITECTURE.md. */
export const cpuDialect: Dialect = { attention: 'fused', precision: 'float32', upsampling: 'folded' }

/** Where networks run, and who counts. */
export interface Target {
  device: RealDevice
  dialect: Dialect
  /** What its self-test found of two evaluations in one run; left out: nothing. */
  together?: readonly TogetherSpeed[]
  /** The U-Net in 8 bits, on the CPU. */
  turbo?: boolean
  tallies: Readonly<Record<NetworkKind, Tally>>
}
