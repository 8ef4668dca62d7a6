import { connect } from '../../../shared/calls/rpc.ts'
import { round, type Rounding } from '../../graph/weights/quantise.ts'
import { channelFromThread } from './threadChannel.ts'

/** A thread that rounds weights to 8 bits, into memory that it shares with who asks. */
export interface RoundingThread {
  round(rounding: Rounding): void
}

const calls: RoundingThread = { round }

connect(channelFromThread(), calls)
