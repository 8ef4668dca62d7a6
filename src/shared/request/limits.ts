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
} as const
