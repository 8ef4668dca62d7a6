/** The result of an operator: its name in the graph and its shape, which is always known. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
  /** Its channels lie together in blocks (see blocks.ts), not one after the other. */
  readonly blocked?: true
}

/** What a device computes best, decided by the engine's self-test. */
export interface Dialect {
  /** Fused attention, or plain matrix products over slices of the queries. */
  readonly attention: 'fused' | 'sliced'
  /** Type of weights and activations inside the graph; inputs and outputs are float32 always. */
  readonly precision: 'float32' | 'float16'
  /** Doubling a picture and the convolution after it as one, on the small picture; without it, one after the other. */
  readonly upsampling?: 'folded'
  /**
   * Linear layers as convolutions by 1×1, and convolutions as products of what their kernels see: WebGPU's Gemm takes 2.5
   * times as long as what its convolutions by 1×1 are computed with, and its convolutions leave large cards idle.
   */
  readonly products?: 'by card'
  /** The device computes layers of transformers otherwise than the CPU. */
  readonly transformers?: 'wrong'
  /** Weights in blocks stay so and are multiplied as they are (see blockProducts.ts); without it, they are widened. */
  readonly blockProducts?: true | undefined
  /** Large layers in 8 bits (see turbo.ts): faster, and a little off. */
  readonly turbo?: boolean | undefined
  /** Channels of a block in which ONNX Runtime convolves here; without it, it reorders around every convolution itself. */
  readonly blocks?: number
  /** Weights stay in their file and are widened layer by layer in every run; without it, once, at opening. */
  readonly widening?: 'in the run'
}

/** The input that such a graph has besides, always [0]: ONNX Runtime folds what depends on no input. */
export const zeroInput = 'zero'
