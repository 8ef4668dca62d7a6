import { Worker } from 'node:worker_threads'
import { connect } from '../../../shared/calls/rpc.ts'
import type { Graph } from '../../graph/writing/graph.ts'
import type { Rounding } from '../../graph/weights/quantise.ts'
import type { RoundingThread } from './roundingThread.ts'
import { physicalCores } from './session.ts'
import { channelTo, threadProgram } from './threadChannel.ts'

/** Numbers from which on threads are worth their start: what one rounds in half a second. */
const fewest = 2 ** 26

/**
 * Rounds the weights that a graph has in 8 bits, on all cores. A graph with few of them does so where it is encoded, as it
 * does what no thread could, or tells why.
 */
export async function roundOnThreads(graph: Graph): Promise<void> {
  const count = graph.roundings.reduce((sum, { rounded }) => sum + rounded.values.length, 0)
  if (count < fewest) return
  // From the end, the largest first: no thread begins a large one when the others have nothing left.
  const left = graph.roundings.splice(0).toSorted((a, b) => a.rounded.values.length - b.rounded.values.length)
  const threads = Math.min(physicalCores(), left.length)
  await Promise.all(Array.from({ length: threads }, () => roundOnThread(left)))
  graph.roundings.push(...left)
}

async function roundOnThread(left: Rounding[]): Promise<void> {
  const thread = new Worker(threadProgram('roundingThread'))
  const calls = connect<RoundingThread>(channelTo(thread), {})
  let isAble = true
  while (isAble && left.length > 0) {
    const next = left.pop()!
    await calls.round(next).catch(() => {
      isAble = false
      left.push(next)
    })
  }
  await thread.terminate()
}
