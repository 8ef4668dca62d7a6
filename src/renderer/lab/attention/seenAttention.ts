import type { Attention } from '../../../shared/calls/insideCalls.ts'
import type { SeenAttention } from '../maths/attentionMaps.ts'
import { unpackFloat16 } from '../numbers.ts'

/** Maps as they crossed the contract, in numbers. */
export const inNumbers = ({ steps, ...seen }: Attention): SeenAttention => ({
  ...seen,
  steps: steps.map(({ reads, ...step }) => ({
    ...step,
    reads: reads.map(({ text, maps }) => ({ text, maps: maps.map(unpackFloat16) })),
  })),
})
