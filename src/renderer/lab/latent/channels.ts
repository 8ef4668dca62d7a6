/** What channels are turned by: what leaves them as they are, and the ends of their sliders. */
export const channelRanges = {
  scale: { usual: 1, min: -1, max: 3 },
  shift: { usual: 0, min: -2, max: 2 },
} as const
type Range = (typeof channelRanges)[keyof typeof channelRanges]

/** Numbers of channels as they stand in an address, with commas between; what is missing or is none is as usual. */
export function channelNumbers(text: string, channels: number, { usual, min, max }: Range): number[] {
  const given = text === '' ? [] : text.split(',').map(Number)
  return Array.from({ length: channels }, (_, i) =>
    Number.isFinite(given[i]) ? Math.min(max, Math.max(min, given[i])) : usual,
  )
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
