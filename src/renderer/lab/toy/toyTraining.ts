import { adam, lossAndGradient, newMlp, type Mlp } from '../maths/mlp.ts'
import { normalsFrom, uniforms } from '../maths/random.ts'
import { inputSize, networkInput, noiseAt, signalAt } from '../maths/toyDiffusion.ts'

const hidden = 48
const batch = 128
const firstRate = 4e-3
export const trainingSteps = 1600

/** A training under way: each call makes one step and answers its loss. */
export interface Training {
  mlp: Mlp
  step(): number
}

/**
 * Trains a denoiser on points: Algorithm 1 of Ho et al. 2020 with v in place of ε: a point, a time, noise; one step down
 * the gradient of ‖v - v_θ(x_t, t)‖².
 */
export function startTraining(data: Float32Array, seed: number): Training {
  const uniform = uniforms(seed)
  const normals = normalsFrom(uniform)
  const mlp = newMlp([inputSize, hidden, hidden, 2], uniform)
  const update = adam(mlp)
  let done = 0
  return {
    mlp,
    step() {
      const epsilon = normals(2 * batch)
      const times = Float32Array.from({ length: batch }, uniform)
      const x = new Float32Array(2 * batch)
      const v = new Float32Array(2 * batch)
      for (let i = 0; i < batch; i++) {
        const from = 2 * Math.floor((uniform() * data.length) / 2)
        const [signal, noise] = [signalAt(times[i]), noiseAt(times[i])]
        for (const axis of [0, 1]) {
          const [x0, e] = [data[from + axis], epsilon[2 * i + axis]]
          x[2 * i + axis] = signal * x0 + noise * e
          v[2 * i + axis] = signal * e - noise * x0
        }
      }
      const input = networkInput(x, (i) => times[i])
      const { loss, gradient } = lossAndGradient(mlp, input, v, batch)
      // The rate falls to nothing along half a cosine (Loshchilov and Hutter 2017).
      update(
        gradient,
        firstRate * 0.5 * (1 + Math.cos((Math.PI * Math.min(done++, trainingSteps)) / trainingSteps)),
      )
      return loss
    },
  }
}
