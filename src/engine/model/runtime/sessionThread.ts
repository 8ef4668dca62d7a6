import { connect } from '../../../shared/calls/rpc.ts'
import { openSession, type Input, type Session, type SessionOptions } from './session.ts'
import { channelFromThread } from './threadChannel.ts'

/** A thread that holds one session: opening and running it keep no other thread waiting. */
let session: Session | null = null

export interface SessionThread {
  open(model: Uint8Array, options: Omit<SessionOptions, 'tally'>): Promise<Omit<Session, 'run' | 'release'>>
  run(inputs: Readonly<Record<string, Input>>): Promise<Record<string, Float32Array>>
  release(): Promise<void>
}

const calls: SessionThread = {
  async open(model, options) {
    session = await openSession(model, { ...options, tally: { runs: 0, runMs: 0, loadMs: 0 } })
    const { inputs, outputs, frugal } = session
    return { inputs, outputs, frugal }
  },
  run: (inputs) => session!.run(inputs),
  async release() {
    await session?.release()
  },
}

connect(channelFromThread(), calls)
