import { Worker } from 'node:worker_threads'
import { connect } from '../../../shared/rpc.ts'
import type { Graph } from '../../graph/graph.ts'
import type { Rounding } from '../../graph/quantise.ts'
import type { RoundingThread } from './roundingThread.ts'
import { physicalCores } from './session.ts'
import { channelTo, threadProgram } from './threadChannel.ts'

/** Numbers from which on threads are worth their start: what one rounds in half a second. */
const fewest = 2 ** 26

/** Rounds the weights that a graph has in 8 bits, on all cores. A graph with few of them does so where it is encoded. */
export async function roundOnThreads(graph: Graph): Promise<void> {
  const count = graph.roundings.reduce((sum, { rounded }) => sum + rounded.values.length, 0)
  if (count < fewest) return
  // From the end, the largest first: no thread begins a large one when the others have nothing left.
  const left = graph.roundings.splice(0).toSorted((a, b) => a.rounded.values.length - b.rounded.values.length)
  await Promise.all(Array.from({ length: physicalCores() }, () => roundOnThread(left)))
}

async function roundOnThread(left: Rounding[]): Promise<void> {
  const thread = new Worker(threadProgram('roundingThread'))
  const calls = connect<RoundingThread>(channelTo(thread), {})
  try {
    for (let next = left.pop(); next; next = left.pop()) await calls.round(next)
  } finally {
    // What went wrong with one ends the others.
    left.length = 0
    await thread.terminate()
  }
}
