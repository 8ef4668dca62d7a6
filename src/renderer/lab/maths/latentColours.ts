interface Shape {
  channels: number
  height: number
  width: number
}

/**
 * Latents as colours through a linear map, one RGBA pixel a latent. `map`: for red, green and blue in -1..1 a weight for
 * every channel, then what is added.
 */
export function latentColours(
  latents: Float32Array,
  { channels, height, width }: Shape,
  map: readonly (readonly number[])[],
  out: Uint8ClampedArray,
): void {
  const area = height * width
  for (let colour = 0; colour < 3; colour++) {
    const weights = map[colour]
    for (let i = 0; i < area; i++) {
      let value = weights[channels]
      for (let channel = 0; channel < channels; channel++)
        value += weights[channel] * latents[channel * area + i]
      out[i * 4 + colour] = (value + 1) * 127.5
    }
  }
  for (let i = 0; i < area; i++) out[i * 4 + 3] = 255
}

/** One channel as grey: 0 is the middle, ± `reach` black and white. */
export function channelGreys(
  latents: Float32Array,
  channel: number,
  { height, width }: Shape,
  reach: number,
  out: Uint8ClampedArray,
): void {
  const area = height * width
  for (let i = 0; i < area; i++) {
    const grey = (latents[channel * area + i] / reach + 1) * 127.5
    out.fill(grey, i * 4, i * 4 + 3)
    out[i * 4 + 3] = 255
  }
}
