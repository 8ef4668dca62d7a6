import { expect, test } from 'vitest'
import { doneFraction } from '../../../src/renderer/composables/words.ts'
import type { Phase, Progress } from '../../../src/shared/jobs.ts'

const at = (phase: Phase, image: number, step: number): Progress => ({
  phase,
  image,
  images: 2,
  step,
  steps: 20,
  pass: null,
  etaMs: null,
  previewUrl: null,
  stopping: false,
})

test('progress over a batch of two never goes back and ends at one', () => {
  const course = [
    null,
    at('loading', 0, 0),
    at('denoising', 0, 10),
    at('decoding', 0, 20),
    at('saving', 0, 20),
    at('denoising', 1, 0),
    at('denoising', 1, 20),
    at('saving', 1, 20),
  ].map(doneFraction)
  expect(course).toEqual([0, 0, 0.25, 0.5, 0.5, 0.5, 1, 1])
})
