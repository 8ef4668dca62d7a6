import { onScopeDispose, ref, shallowRef } from 'vue'
import type { ToySampler } from '../maths/toyDiffusion.ts'
import type { ToyAnswer, ToyMessage } from './toyWorker.ts'
import { trainingSteps } from './toyTraining.ts'

/** The toy's network in its worker: what it has learnt, and what it was asked. */
export function useToy() {
  const worker = new Worker(new URL('./toyWorker.ts', import.meta.url), { type: 'module' })
  const send = (message: ToyMessage): void => worker.postMessage(message)
  const losses = shallowRef<number[]>([])
  const done = ref(0)
  const frames = shallowRef<Partial<Record<ToySampler, Float32Array[]>>>({})
  const arrows = shallowRef<{ points: Float32Array; score: Float32Array } | null>(null)
  let run = 0
  let scoreAsked = false
  let scoreWanted: { points: Float32Array; t: number } | null = null

  worker.onmessage = ({ data }: MessageEvent<ToyAnswer>) => {
    if (data.of === 'score') {
      arrows.value = data
      scoreAsked = false
      if (scoreWanted) askScore(scoreWanted)
    } else if (data.run !== run) return
    else if (data.of === 'train') {
      losses.value = [...losses.value, ...data.losses]
      done.value = data.done
    } else frames.value = { ...frames.value, [data.sampler]: data.frames }
  }

  function train(data: Float32Array, seed: number): void {
    run++
    losses.value = []
    done.value = 0
    frames.value = {}
    arrows.value = null
    send({ do: 'train', run, data, seed })
  }

  /** One question at a time; of those that come meanwhile the last is asked. */
  function askScore(asked: { points: Float32Array; t: number }): void {
    scoreWanted = scoreAsked ? asked : null
    if (scoreAsked) return
    scoreAsked = true
    send({ do: 'score', ...asked })
  }

  const sample = (sampler: ToySampler, steps: number, count: number, seed: number): void =>
    send({ do: 'sample', run, sampler, steps, count, seed })

  onScopeDispose(() => worker.terminate())
  return { losses, done, of: trainingSteps, frames, arrows, train, sample, askScore }
}
