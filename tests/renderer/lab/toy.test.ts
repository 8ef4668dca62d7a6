import { describe, expect, it } from 'vitest'
import { moments } from '../../../src/renderer/lab/maths/histogram.ts'
import { adam, evaluate, lossAndGradient, newMlp } from '../../../src/renderer/lab/maths/mlp.ts'
import { normalsFrom, uniforms } from '../../../src/renderer/lab/maths/random.ts'
import { alongOutline, spiral, twoMoons } from '../../../src/renderer/lab/maths/toyData.ts'
import {
  guesserOf,
  inputSize,
  noiseAt,
  sampleToy,
  scoreAt,
  signalAt,
  toySamplers,
  type Guesser,
} from '../../../src/renderer/lab/maths/toyDiffusion.ts'
import { startTraining } from '../../../src/renderer/lab/toy/toyTraining.ts'

/** The exact guess for data that is normal with mean 0 and a standard deviation: the posterior's mean. */
const gaussian =
  (deviation: number): Guesser =>
  (points, t) => {
    const [signal, noise] = [signalAt(t), noiseAt(t)]
    const variance = signal ** 2 * deviation ** 2 + noise ** 2
    return {
      x0: points.map((x) => (signal * deviation ** 2 * x) / variance),
      epsilon: points.map((x) => (noise * x) / variance),
    }
  }

describe('the small network', () => {
  it('has the gradient that differences show', () => {
    const mlp = newMlp([3, 5, 2], uniforms(1))
    const normals = normalsFrom(uniforms(2))
    mlp.layers.forEach((layer) => layer.set(normals(layer.length)))
    const [input, wanted] = [normals(12), normals(8)]
    const { gradient } = lossAndGradient(mlp, input, wanted, 4)
    mlp.layers.forEach((layer, l) =>
      layer.forEach((value, i) => {
        const h = 1e-2
        const at = (shift: number): number => {
          layer[i] = value + shift
          return lossAndGradient(mlp, input, wanted, 4).loss
        }
        const slope = (at(h) - at(-h)) / (2 * h)
        layer[i] = value
        expect(Math.abs(slope - gradient[l][i])).toBeLessThan(1e-2 * (1 + Math.abs(slope)))
      }),
    )
  })

  it('learns a linear map by Adam', () => {
    const mlp = newMlp([1, 16, 1], uniforms(3))
    const update = adam(mlp)
    const input = Float32Array.from({ length: 32 }, (_, i) => i / 16 - 1)
    const wanted = input.map((x) => 2 * x + 1)
    const first = lossAndGradient(mlp, input, wanted, 32).loss
    for (let i = 0; i < 400; i++) update(lossAndGradient(mlp, input, wanted, 32).gradient, 0.02)
    expect(lossAndGradient(mlp, input, wanted, 32).loss).toBeLessThan(first / 100)
    expect(evaluate(mlp, Float32Array.of(0.5), 1)[0]).toBeCloseTo(2, 0)
  })
})

describe('every sampler of the toy', () => {
  for (const sampler of toySamplers)
    it(`${sampler} turns noise into the data's own spread, where the guess is exact`, () => {
      const normals = normalsFrom(uniforms(4))
      const frames = sampleToy(sampler, gaussian(0.5), normals(20_000), 100, normals)
      expect(frames).toHaveLength(101)
      // Four standard errors of a variance, and the error of 100 steps.
      expect(Math.abs(moments(frames.at(-1)!).variance - 0.25)).toBeLessThan(0.02)
    })

  it('DDIM and flow take the same way every time, DDPM another', () => {
    const noise = normalsFrom(uniforms(5))(200)
    const end = (sampler: (typeof toySamplers)[number], seed: number): Float32Array =>
      sampleToy(sampler, gaussian(0.5), noise, 20, normalsFrom(uniforms(seed))).at(-1)!
    expect(end('ddim', 1)).toEqual(end('ddim', 2))
    expect(end('flow', 1)).toEqual(end('flow', 2))
    expect(end('ddpm', 1)).not.toEqual(end('ddpm', 2))
  })

  it('the score of a Gaussian is -x over its variance', () => {
    const points = Float32Array.of(0.3, -1, 2, 0.5)
    const variance = (t: number): number => signalAt(t) ** 2 * 0.25 + noiseAt(t) ** 2
    for (const t of [0.1, 0.5, 1])
      scoreAt(gaussian(0.5), points, t).forEach((value, i) =>
        expect(value).toBeCloseTo(-points[i] / variance(t), 5),
      )
  })
})

it('training lowers the loss, and what it draws lies near the data', () => {
  const data = twoMoons(2000, uniforms(6))
  const training = startTraining(data, 7)
  expect(training.mlp.sizes[0]).toBe(inputSize)
  const losses = Array.from({ length: 600 }, () => training.step())
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(losses.slice(-100))).toBeLessThan(mean(losses.slice(0, 100)))
  const normals = normalsFrom(uniforms(8))
  const drawn = sampleToy('ddim', guesserOf(training.mlp), normals(400), 30, normals).at(-1)!
  const nearest = (points: Float32Array): number => {
    let total = 0
    for (let i = 0; i < points.length; i += 2) {
      let least = Infinity
      for (let j = 0; j < data.length; j += 2)
        least = Math.min(least, Math.hypot(points[i] - data[j], points[i + 1] - data[j + 1]))
      total += least
    }
    return total / (points.length / 2)
  }
  expect(nearest(drawn)).toBeLessThan(nearest(normals(400)) / 3)
})

describe('the data', () => {
  it('lies within the plane that is shown', () => {
    for (const points of [twoMoons(500, uniforms(9)), spiral(500, uniforms(10))])
      expect(points.every((value) => Math.abs(value) < 2)).toBe(true)
  })

  it('of an outline lies along its lines, evenly by length', () => {
    const points = alongOutline([0, 0, 1, 0, 1, 0.1], 4000, uniforms(11))
    let onShort = 0
    for (let i = 0; i < points.length; i += 2) if (points[i + 1] > 0.05 && points[i] > 0.9) onShort++
    // Half of the short piece: 0.05 of 1.1.
    expect(onShort / 4000).toBeCloseTo(0.05 / 1.1, 1)
    expect(alongOutline([0, 0], 10, uniforms(1))).toHaveLength(0)
  })
})
