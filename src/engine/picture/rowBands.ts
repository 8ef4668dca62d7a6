/** Channels of a picture in bands of rows, top to bottom, each [channels, rows, width]: bands are let go one by one. */
export interface RowBands {
  readonly channels: number
  readonly height: number
  readonly width: number
  /** Rows of each band but perhaps the last. */
  readonly rows: number
  readonly bands: Float32Array[]
}

/** A whole picture as its only band. */
export const oneBand = (data: Float32Array, channels: number, height: number, width: number): RowBands => ({
  channels,
  height,
  width,
  rows: height,
  bands: [data],
})

/**
 * The most rows that divide a height evenly, are a multiple of `multiple` and take at most `bytes` at `rowBytes` each;
 * the fewest that divide it where even those take more.
 */
export function rowsPerBand(height: number, multiple: number, rowBytes: number, bytes: number): number {
  for (let count = 1; count <= height / multiple; count++) {
    const rows = height / count
    if (rows % multiple === 0 && rows * rowBytes <= bytes) return rows
  }
  return multiple
}

/** Copies the rows from `from` on into `target`, [channels, count, width]; rows outside of the picture become zeros. */
export function readRows(source: RowBands, from: number, count: number, target: Float32Array): void {
  const { channels, height, width, rows, bands } = source
  if (from < 0 || from + count > height) target.fill(0)
  for (let row = Math.max(0, from); row < Math.min(height, from + count);) {
    const index = Math.floor(row / rows)
    const end = Math.min(height, from + count, (index + 1) * rows)
    const bandRows = Math.min(rows, height - index * rows)
    for (let channel = 0; channel < channels; channel++) {
      const start = (channel * bandRows + row - index * rows) * width
      const part = bands[index].subarray(start, start + (end - row) * width)
      target.set(part, (channel * count + row - from) * width)
    }
    row = end
  }
}

/** Gives the memory of all bands that end at or above `row` back at once, not when garbage is next collected. */
export function letGoAbove(source: RowBands, row: number): void {
  const { bands, rows, height } = source
  for (let index = 0; index < bands.length && Math.min(height, (index + 1) * rows) <= row; index++)
    letGo(bands, index)
}

function letGo(bands: Float32Array[], index: number): void {
  const { buffer } = bands[index]
  if (buffer.byteLength > 0) (buffer as ArrayBuffer).transfer(0)
}

/** All bands as one array, [channels, height, width]; they are let go. */
export function joined(source: RowBands): Float32Array {
  const { channels, height, width, bands } = source
  if (bands.length === 1) return bands[0]
  const whole = new Float32Array(channels * height * width)
  readRows(source, 0, height, whole)
  letGoAbove(source, height)
  return whole
}
