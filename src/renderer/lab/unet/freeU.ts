/** FreeU's factors of the first two stages of the way up: b of the backbone, s of the skip connections' low frequencies. */
export interface FreeU {
  b: [number, number]
  s: [number, number]
}

/** As its authors publish them for factors that are the same everywhere; for other models, those of SD 1.5. */
export function publishedFreeU(family: string): FreeU {
  if (family.startsWith('sdxl')) return { b: [1.1, 1.2], s: [0.6, 0.4] }
  if (family.startsWith('sd2')) return { b: [1.1, 1.2], s: [0.9, 0.2] }
  return { b: [1.2, 1.4], s: [0.9, 0.2] }
}

/** The published factors more or less strongly: 0 changes nothing, 1 is as published. */
export function scaledFreeU({ b, s }: FreeU, strength: { b: number; s: number }): FreeU {
  const from1 = (value: number, by: number): number => Math.max(0, Number((1 + by * (value - 1)).toFixed(4)))
  return {
    b: [from1(b[0], strength.b), from1(b[1], strength.b)],
    s: [from1(s[0], strength.s), from1(s[1], strength.s)],
  }
}
