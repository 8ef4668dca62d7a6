import { expect, test } from 'vitest'
import { doneFraction } from '../../src/shared/queue/doneFraction.ts'
import type { Job, Phase, Progress } from '../../src/shared/queue/jobs.ts'
import { generationRequestSchema, type ResolvedRequest } from '../../src/shared/request/request.ts'

const drawing = { ...generationRequestSchema.parse({}), seed: 0, width: 64, height: 64 }
const enlarging = { ...drawing, upscaleOf: { id: '0'.repeat(64), imageId: null } }

function at(phase: Phase, image: number, step: number, change: Partial<Progress> = {}): Progress {
  const counts = { image, images: 2, step, steps: 20, pass: null }
  return { phase, ...counts, etaMs: null, previewUrl: null, stopping: false, ...change }
}
const courseOf = (request: ResolvedRequest, course: (Progress | null)[]): number[] =>
  course.map((progress) => doneFraction({ request, progress } satisfies Pick<Job, 'request' | 'progress'>))

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
  ]
  expect(courseOf(drawing, course)).toEqual([0, 0, 0.25, 0.5, 0.5, 0.5, 1, 1])
})

test('nor does it over two passes and the tiles of an enlargement', () => {
  const one = { images: 1 }
  const course = [
    at('denoising', 0, 10, { ...one, pass: 1 }),
    at('upscaling', 0, 10, { ...one, pass: 2 }),
    at('denoising', 0, 15, { ...one, pass: 2 }),
    at('decoding', 0, 1, { ...one, steps: 4 }),
    at('upscaling', 0, 1, { ...one, steps: 9 }),
  ]
  expect(courseOf(drawing, course)).toEqual([0.5, 0.5, 0.75, 1, 1])
  expect(courseOf(enlarging, [at('upscaling', 0, 1, { ...one, steps: 4 })])).toEqual([0.25])
})
