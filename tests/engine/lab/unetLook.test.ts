import { expect, it } from 'vitest'
import type { UnetBlock } from '../../../src/engine/graph/unet/look.ts'
import { unet, type UnetSize } from '../../../src/engine/graph/unet/unet.ts'
import type { Dialect } from '../../../src/engine/graph/writing/value.ts'
import { openSession, type Input } from '../../../src/engine/model/runtime/session.ts'
import { newTallies } from '../../../src/engine/model/runtime/tallies.ts'
import { tinyConfig, tinyGraph, waves, weightOf } from './tinyUnet.ts'
import { unetByHand, type Dialled, type Table } from './unetByHand.ts'

const [height, width, tokens] = [4, 6, 5]
const form = { height, width, channels: 8, groups: 2, heads: 2 }
const dialects: Dialect[] = (['fused', 'sliced'] as const).map((attention) => ({
  ...{ attention, precision: 'float32' },
}))

const given = {
  sample: { rows: 2, columns: height * width, data: waves(2 * height * width, 1.3) },
  timestep: { rows: 1, columns: 8, data: waves(8, 0.9) },
  context: { rows: tokens, columns: 6, data: waves(tokens * 6, 2.1).map((value) => Math.fround(8 * value)) },
} satisfies Record<string, Table>
const inputs: Record<string, Input> = {
  sample: { data: Float32Array.from(given.sample.data), shape: [1, 2, height, width] },
  timestep: { data: Float32Array.from(given.timestep.data), shape: [1, 8] },
  context: { data: Float32Array.from(given.context.data), shape: [tokens, 6] },
}

async function run(
  dialect: Dialect,
  look: UnetSize['look'],
  dials: Dialled = { skips: [1, 1], freeU: [1, 1, 1, 1] },
): Promise<Record<string, Float32Array>> {
  const g = tinyGraph(dialect)
  unet(g, tinyConfig, { height, width, contextTokens: tokens, ...(look && { look }) })
  const tally = newTallies().unet
  const session = await openSession(g.encode(), { device: 'cpu', folder: '.', frugal: false, tally })
  const list = (values: readonly number[]): Input => ({
    ...{ data: Float32Array.from(values), shape: [values.length] },
  })
  const outputs = await session.run({ ...inputs, skips: list(dials.skips), freeU: list(dials.freeU) })
  await session.release()
  return outputs
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

it.each(dialects)('maps are softmax(q kᵀ / √d) on the mean over heads and layers: %o', async (dialect) => {
  const look = { attentionPixels: height * width, block: null, dials: false }
  const { prediction, [`attention.${height}x${width}`]: map } = await run(dialect, look)
  const byHand = unetByHand(weightOf, form, given)
  expect(byHand.maps).toHaveLength(4)
  const mean = byHand.maps[0].data.map((_, i) => byHand.maps.reduce((sum, { data }) => sum + data[i], 0) / 4)
  // The words are told apart at all.
  expect(Math.max(...mean) - Math.min(...mean)).toBeGreaterThan(0.1)
  expect(apart(map, mean)).toBeLessThan(1e-5)
  expect(apart(prediction, byHand.prediction.data)).toBeLessThan(1e-4)
})

it('maps of finer pictures than asked for are left out', async () => {
  const look = { attentionPixels: height * width - 1, block: null, dials: false }
  expect(Object.keys(await run(dialects[0], look))).toEqual(['prediction'])
})

it('looking changes no number, and neither do dials at 1', async () => {
  const plain = await run(dialects[0], undefined)
  const look = { attentionPixels: height * width, block: 'mid_block', dials: true }
  const looked = await run(dialects[0], look)
  expect(looked['prediction']).toEqual(plain['prediction'])
  expect(looked['activation']).toHaveLength(8 * height * width)
})

it('skip connections are weakened, and FreeU scales half of the channels and the lowest frequencies', async () => {
  const look = { attentionPixels: 0, block: null, dials: true }
  // One stage there is; the second's factors are of no effect.
  for (const dials of [
    { skips: [1, 0], freeU: [1, 1, 1, 1] },
    { skips: [0.5, 1], freeU: [1, 9, 1, 9] },
    { skips: [1, 1], freeU: [1.5, 1, 1, 1] },
    { skips: [1, 1], freeU: [1, 1, 0.2, 1] },
    { skips: [1, 0.3], freeU: [1.3, 1, 0.7, 1] },
  ]) {
    const { prediction } = await run(dialects[0], look, dials)
    expect(apart(prediction, unetByHand(weightOf, form, given, dials).prediction.data)).toBeLessThan(1e-4)
    expect(apart(prediction, unetByHand(weightOf, form, given).prediction.data)).toBeGreaterThan(1e-3)
  }
})

it('its blocks are told as they run, with the skip connections between them', () => {
  const look = { attentionPixels: 0, block: null, dials: false }
  const blocks = unet(tinyGraph(dialects[0]), tinyConfig, { height, width, contextTokens: tokens, look })
  const short = ({ name, channels, attention, gives, takes }: UnetBlock) =>
    [name, channels, attention, gives, takes] as const
  expect(blocks.map(short)).toEqual([
    ['conv_in', 8, 'none', 0, null],
    ['down_blocks.0.resnets.0', 8, 'cross', 1, null],
    ['mid_block', 8, 'cross', null, null],
    ['up_blocks.0.resnets.0', 8, 'cross', null, 1],
    ['up_blocks.0.resnets.1', 8, 'cross', null, 0],
    ['conv_out', 2, 'none', null, null],
  ])
  const unseen = unet(tinyGraph(dialects[0]), tinyConfig, { height, width, contextTokens: tokens })
  expect(unseen).toEqual([])
})
