/**
 * Orthogonal waves W [rows, height * width] so that x Wᵀ W is the real part of what the Fourier coefficients of
 * frequencies -1 and 0, downwards and across, contribute to x: cosines and sines over the root of the number of pixels.
 */
export function lowFrequencies(height: number, width: number): { rows: number; data: number[] } {
  const pixels = height * width
  const wave = (down: number, across: number, of: (angle: number) => number): number[] =>
    Array.from({ length: pixels }, (_, i) => {
      const [row, column] = [Math.floor(i / width), i % width]
      return of(2 * Math.PI * ((down * row) / height + (across * column) / width)) / Math.sqrt(pixels)
    })
  const frequencies = [[1, 0] as const, [0, 1] as const, [1, 1] as const]
  const waves = [
    wave(0, 0, Math.cos),
    ...frequencies.flatMap(([down, across]) => [wave(down, across, Math.cos), wave(down, across, Math.sin)]),
  ]
  return { rows: waves.length, data: waves.flat() }
}
