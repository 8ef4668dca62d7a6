/** What the numbers of a request may be. */
export const limits = {
  steps: { min: 1, max: 200 },
  guidanceScale: { min: 0, max: 30 },
  size: { min: 32, max: 2048, multipleOf: 8 },
  batchSize: { min: 1, max: 64 },
  clipSkip: { min: 1, max: 12 },
  promptLength: 20_000,
  adapterStrength: { min: -10, max: 10 },
  upscale: { min: 1, max: 8 },
  /** Of what a second pass draws. */
  hiresSize: { min: 64, max: 4096 },
  maskBlur: { max: 64 },
  maskPadding: { max: 256 },
  /** Of a side of the picture. */
  outpaint: { max: 2048 },
  gamma: { min: 0.1, max: 10 },
  /** Degrees. */
  straighten: { max: 45 },
  /** Of a picture of which the masked area alone is painted: 33 million. */
  inpaintedPixels: { max: 2 ** 25 },
} as const
