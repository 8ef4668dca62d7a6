import type { Channel } from '../shared/channel.ts'
import type { EngineEvents } from '../shared/engineContract.ts'
import { connect } from '../shared/rpc.ts'
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

process.on('disconnect', () => process.exit())

const calls = createEngine({
  progress: (progress) => void studio.progress(progress),
  preview: (jobId, pixels) => void studio.preview(jobId, pixels),
  image: (image) => void studio.image(image),
})
const studio = connect<EngineEvents>(channel, calls, ['progress', 'preview', 'image'])
