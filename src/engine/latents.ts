/** The shape of one image's latents. */
export interface LatentShape {
  readonly channels: number
  readonly height: number
  readonly width: number
}

/**
 * A stack of channels as the networks read it: row-major [channels, height, width], one image. A batch is a
 * sequence of images, so that each is reproducible alone.
 */
export interface Latents extends LatentShape {
  readonly data: Float32Array
}

/** Numbers in a shape. */
export const withData = ({ channels, height, width }: LatentShape, data: Float32Array): Latents => ({
  channels,
  height,
  width,
  data,
})

/** The latents of a picture whose sides are given in pixels. */
export function latentShape(
  { latentScale, latentChannels: channels }: { latentScale: number; latentChannels: number },
  { width, height }: { width: number; height: number },
): LatentShape {
  return { channels, height: height / latentScale, width: width / latentScale }
}
