/** Colours for v from none to much: stops as RGB, evenly spaced. */
export const palettes = {
  ink: [
    [246, 244, 238],
    [120, 118, 116],
    [22, 22, 22],
  ],
  ember: [
    [16, 12, 12],
    [120, 34, 20],
    [242, 163, 60],
    [255, 240, 210],
  ],
  moss: [
    [240, 236, 214],
    [130, 160, 90],
    [30, 66, 44],
  ],
  sea: [
    [10, 24, 48],
    [30, 110, 150],
    [220, 240, 230],
  ],
} as const
export type Palette = keyof typeof palettes

/** 256 colours between the stops, RGBA. */
export function paletteTable(name: Palette): Uint8Array {
  const stops = palettes[name]
  const table = new Uint8Array(256 * 4)
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1)
    const low = Math.min(stops.length - 2, Math.floor(place))
    for (let c = 0; c < 3; c++)
      table[i * 4 + c] = Math.round(stops[low][c] + (place - low) * (stops[low + 1][c] - stops[low][c]))
    table[i * 4 + 3] = 255
  }
  return table
}
