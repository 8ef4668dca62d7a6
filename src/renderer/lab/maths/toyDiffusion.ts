import { evaluate, type Mlp } from './mlp.ts'

/**
 * Diffusion of points in the plane. Points are x, y one after the other. Time runs from 0 (data) to 1 (noise):
 * x_t = cos(πt/2) x_0 + sin(πt/2) ε, and the network predicts v = cos · ε - sin · x_0 (Salimans and Ho 2022).
 */

export const signalAt = (t: number): number => Math.cos((t * Math.PI) / 2)
export const noiseAt = (t: number): number => Math.sin((t * Math.PI) / 2)

/** Numbers are told as they are and by sine and cosine of their multiples (Tancik et al. 2020): details are learnt sooner. */
const frequencies = [1, 2, 4] as const
const told = 1 + 2 * frequencies.length
export const inputSize = 3 * told

/** Rows that the network reads: the point, then the time, which may be one for all. */
export function networkInput(points: Float32Array, times: (i: number) => number): Float32Array {
  const count = points.length / 2
  const rows = new Float32Array(count * inputSize)
  for (let i = 0; i < count; i++) {
    tell(rows, i * inputSize, points[2 * i])
    tell(rows, i * inputSize + told, points[2 * i + 1])
    tell(rows, i * inputSize + 2 * told, Math.PI * times(i))
  }
  return rows
}

function tell(rows: Float32Array, at: number, value: number): void {
  rows[at] = value
  frequencies.forEach((frequency, f) => {
    rows[at + 1 + 2 * f] = Math.sin(frequency * value)
    rows[at + 2 + 2 * f] = Math.cos(frequency * value)
  })
}

/** What is predicted of points at a time. */
export interface Guess {
  /** The clean points. */
  x0: Float32Array
  /** The noise in them. */
  epsilon: Float32Array
}
export type Guesser = (points: Float32Array, t: number) => Guess

/** A network as a guesser: x_0 = cos · x - sin · v, ε = sin · x + cos · v. */
export const guesserOf =
  (mlp: Mlp): Guesser =>
  (points, t) => {
    const v = evaluate(
      mlp,
      networkInput(points, () => t),
      points.length / 2,
    )
    const [signal, noise] = [signalAt(t), noiseAt(t)]
    return {
      x0: points.map((value, i) => signal * value - noise * v[i]),
      epsilon: points.map((value, i) => noise * value + signal * v[i]),
    }
  }

export const toySamplers = ['ddpm', 'ddim', 'flow'] as const
export type ToySampler = (typeof toySamplers)[number]

/** All places of points on their way from noise to data, the noise first: steps + 1 of them. */
export function sampleToy(
  sampler: ToySampler,
  guess: Guesser,
  noise: Float32Array,
  steps: number,
  normals: (count: number) => Float32Array,
): Float32Array[] {
  const frames = [noise]
  for (let i = 0; i < steps; i++) {
    const [from, to] = [1 - i / steps, 1 - (i + 1) / steps]
    const x = frames.at(-1)!
    frames.push(
      sampler === 'flow'
        ? flowStep(guess, x, from, to)
        : vpStep(guess, x, from, to, sampler === 'ddpm', normals),
    )
  }
  return frames
}

/**
 * Song et al. 2021, eq. 12: with σ_t of eq. 16 at η = 1 it is DDPM (Ho et al. 2020), at η = 0 DDIM. At the last step σ is
 * 0 by itself.
 */
function vpStep(
  guess: Guesser,
  x: Float32Array,
  from: number,
  to: number,
  random: boolean,
  normals: (count: number) => Float32Array,
): Float32Array {
  const { x0, epsilon } = guess(x, from)
  const [signal, noise] = [signalAt(to), to === 0 ? 0 : noiseAt(to)]
  const kept = signalAt(from) ** 2 / signal ** 2
  const sigma = random ? (noise / noiseAt(from)) * Math.sqrt(1 - kept) : 0
  const direct = Math.sqrt(Math.max(0, noise ** 2 - sigma ** 2))
  const fresh = sigma > 0 ? normals(x.length) : null
  return x.map((_, i) => signal * x0[i] + direct * epsilon[i] + (fresh ? sigma * fresh[i] : 0))
}

/**
 * Euler on the straight line x_s = (1 - s) x_0 + s ε (Lipman et al. 2023), whose velocity is ε - x_0. The network was
 * trained at the time with the same ratio of picture and noise, after both are scaled to variance one.
 */
function flowStep(guess: Guesser, x: Float32Array, from: number, to: number): Float32Array {
  const scale = Math.hypot(1 - from, from)
  const t = (2 / Math.PI) * Math.atan2(from, 1 - from)
  const { x0, epsilon } = guess(
    x.map((value) => value / scale),
    t,
  )
  return x.map((value, i) => value + (to - from) * (epsilon[i] - x0[i]))
}

/** The score ∇ log p_t = -ε / σ_t (Song and Ermon 2019) at points. */
export function scoreAt(guess: Guesser, points: Float32Array, t: number): Float32Array {
  const noise = noiseAt(t)
  return guess(points, t).epsilon.map((value) => -value / noise)
}
