/**
 * A stack of channels as the networks read it: row-major [channels, height, width], one image. A batch is a
 * sequence of images, so that each is reproducible alone.
 */
export interface Latents {
  readonly data: Float32Array
  readonly channels: number
  readonly height: number
  readonly width: number
}

/** The same shape around other numbers. */
export const withData = (shape: Latents, data: Float32Array): Latents => ({ ...shape, data })
