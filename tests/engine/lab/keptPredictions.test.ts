import { expect, it } from 'vitest'
import { keepPredictions } from '../../../src/engine/lab/keptPredictions.ts'
import type { Prediction } from '../../../src/shared/engine/engineLooks.ts'

const numbers = 8
/** Four arrays of eight float32 numbers. */
const bytes = 4 * numbers * 4

const prediction = (sigma: number): Prediction => {
  const values = (): Float32Array => new Float32Array(numbers).fill(sigma)
  const guesses = { conditional: values(), unconditional: values() }
  return { sigma, timestep: 10 * sigma, x: values(), denoised: values(), ...guesses }
}

function kept(room: number, count: number) {
  const keeping = keepPredictions(room)
  for (let i = 0; i < count; i++) keeping.add(prediction(i))
  const { predictions, fewer } = keeping.result()
  return {
    fewer,
    sigmas: predictions.map(({ sigma }) => sigma),
    guesses: predictions.some((p) => p.conditional),
  }
}

it('a run that fits is kept whole; of a longer one the guesses go first, then every second prediction', () => {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7]
  expect(kept(8 * bytes, 8)).toEqual({ fewer: null, sigmas: eight, guesses: true })
  expect(kept(4 * bytes, 8)).toEqual({ fewer: 'guesses', sigmas: eight, guesses: false })
  expect(kept(2 * bytes, 8)).toEqual({ fewer: 'steps', sigmas: [0, 2, 4, 6], guesses: false })
  expect(kept(1 * bytes, 8)).toEqual({ fewer: 'steps', sigmas: [0, 4], guesses: false })
})

it('x is kept as it was, though the sampler goes on in the same array', () => {
  const keeping = keepPredictions()
  const told = prediction(3)
  keeping.add(told)
  told.x.fill(0)
  expect(keeping.result().predictions[0].x).toEqual(new Float32Array(numbers).fill(3))
})
