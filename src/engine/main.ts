import { Worker } from 'node:worker_threads'
import type { Channel } from '../shared/calls/channel.ts'
import type { EngineEvents } from '../shared/engine/engineContract.ts'
import { connect } from '../shared/calls/rpc.ts'
import { createEngine } from './engine.ts'

/**
 * The engine process: one JavaScript thread, one engine, one channel to the studio that spawned it. It lives
 * exactly as long as that channel: without a studio nobody could stop it.
 */
const channel: Channel = {
  post: (message) => process.connected && process.send!(message),
  onMessage: (listener) => process.on('message', listener),
  onClose: (listener) => process.on('disconnect', listener),
}

// Not by exit(), which waits for every read that is under way: one on a dead network drive never ends.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

/**
 * While a network is evaluated this thread hears nothing, a closed channel included. Another one looks whether the
 * studio is still there: an engine it left behind would go on taking all cores.
 */
new Worker(
  `const { workerData: studio } = require('node:worker_threads')
   setInterval(() => process.ppid === studio || process.kill(process.pid, 'SIGKILL'), 1000)`,
  { eval: true, workerData: process.ppid },
).unref()

const calls = createEngine({
  progress: (progress) => void studio.progress(progress),
  preview: (jobId, pixels) => void studio.preview(jobId, pixels),
  image: (image) => void studio.image(image),
  evaluated: (...told) => void studio.evaluated(...told),
  predictions: (told) => void studio.predictions(told),
  raceGuess: (guess) => void studio.raceGuess(guess),
  warning: (said) => void studio.warning(said),
})
const names = ['progress', 'preview', 'image', 'evaluated', 'predictions', 'raceGuess', 'warning'] as const
const studio = connect<Required<EngineEvents>>(channel, calls, names)
