import { normalsFrom, uniforms } from '../maths/random.ts'
import { guesserOf, sampleToy, scoreAt, type ToySampler } from '../maths/toyDiffusion.ts'
import { startTraining, trainingSteps, type Training } from './toyTraining.ts'

/** The denoiser of the toy lives here, off the window's thread. */
export type ToyMessage =
  | { do: 'train'; run: number; data: Float32Array; seed: number }
  | { do: 'sample'; run: number; sampler: ToySampler; steps: number; count: number; seed: number }
  | { do: 'score'; points: Float32Array; t: number }

export type ToyAnswer =
  | { of: 'train'; run: number; done: number; losses: number[] }
  | { of: 'sample'; run: number; sampler: ToySampler; frames: Float32Array[] }
  | { of: 'score'; points: Float32Array; score: Float32Array }

let training: Training | null = null
let newest = 0

const answer = (message: ToyAnswer): void => postMessage(message)

/** Ms of training between two looks at what else is asked. */
const slice = 40

function train(run: number, done: number): void {
  if (run !== newest || !training) return
  const until = performance.now() + slice
  const losses: number[] = []
  while (performance.now() < until && done + losses.length < trainingSteps) losses.push(training.step())
  const made = done + losses.length
  answer({ of: 'train', run, done: made, losses })
  if (made < trainingSteps) setTimeout(() => train(run, made))
}

onmessage = ({ data: asked }: MessageEvent<ToyMessage>) => {
  if (asked.do === 'train') {
    newest = asked.run
    training = startTraining(asked.data, asked.seed)
    train(asked.run, 0)
  } else if (!training) return
  else if (asked.do === 'sample') {
    const normals = normalsFrom(uniforms(asked.seed))
    const frames = sampleToy(
      asked.sampler,
      guesserOf(training.mlp),
      normals(2 * asked.count),
      asked.steps,
      normals,
    )
    answer({ of: 'sample', run: asked.run, sampler: asked.sampler, frames })
  } else {
    const score = scoreAt(guesserOf(training.mlp), asked.points, asked.t)
    answer({ of: 'score', points: asked.points, score })
  }
}
