/** Numbers of channels as they stand in an address, with commas between; what is missing or is none is `usual`. */
export function channelNumbers(text: string, channels: number, usual: number): number[] {
  const given = text === '' ? [] : text.split(',').map(Number)
  return Array.from({ length: channels }, (_, i) => (Number.isFinite(given[i]) ? given[i] : usual))
}

/** The address's text for them: none where all are as usual. */
export const channelText = (values: readonly number[], usual: number): string =>
  values.every((value) => value === usual) ? '' : values.join(',')

/** x'_k = scale_k x_k + shift_k for every channel k of latents [channels, area]. */
export function editedChannels(
  latents: Float32Array,
  scales: readonly number[],
  shifts: readonly number[],
): Float32Array {
  const area = latents.length / scales.length
  return latents.map((value, i) => {
    const channel = Math.floor(i / area)
    return scales[channel] * value + shifts[channel]
  })
}

/** The latents with every channel but one flat at its mean: what that one carries. */
export function channelAlone(latents: Float32Array, channel: number, channels: number): Float32Array {
  const area = latents.length / channels
  const means = Array.from({ length: channels }, (_, k) => {
    const values = latents.subarray(k * area, (k + 1) * area)
    return values.reduce((sum, value) => sum + value, 0) / area
  })
  return latents.map((value, i) => {
    const k = Math.floor(i / area)
    return k === channel ? value : means[k]
  })
}
