import { expect, it } from 'vitest'
import type { DrawnBlock } from '../../../src/shared/calls/insideCalls.ts'
import { reach, unetShape } from '../../../src/renderer/lab/maths/unetShape.ts'
import { publishedFreeU, scaledFreeU } from '../../../src/renderer/lab/unet/freeU.ts'

const block = (name: string, channels: number, side: number, more: Partial<DrawnBlock> = {}): DrawnBlock => ({
  ...{ name, channels, height: side, width: side, attention: 'none', gives: null, takes: null },
  ...{ parameters: 1, ms: null, ...more },
})
const blocks = [
  block('conv_in', 4, 8, { gives: 0 }),
  block('down_blocks.0.resnets.0', 4, 8, { gives: 1 }),
  block('down_blocks.0.downsamplers.0', 4, 4, { gives: 2 }),
  block('down_blocks.1.resnets.0', 8, 4, { gives: 3 }),
  block('mid_block', 8, 4),
  block('up_blocks.0.resnets.0', 8, 4, { takes: 3 }),
  block('up_blocks.0.resnets.1', 8, 4, { takes: 2 }),
  block('up_blocks.0.upsamplers.0', 8, 8),
  block('up_blocks.1.resnets.0', 4, 8, { takes: 1 }),
  block('up_blocks.1.resnets.1', 4, 8, { takes: 0 }),
  block('conv_out', 4, 8),
]

it('a skip connection is a straight line from the block that gives it to the one that takes it', () => {
  const { boxes, skips, width, height } = unetShape(blocks)
  expect(skips.map(({ index }) => index)).toEqual([0, 1, 2, 3])
  for (const { index, y, from, to } of skips) {
    const [giver, taker] = [
      boxes.find((box) => box.block.gives === index)!,
      boxes.find((box) => box.block.takes === index)!,
    ]
    expect([giver.y + giver.height / 2, taker.y + taker.height / 2]).toEqual([y, y])
    expect([giver.x + giver.width, taker.x]).toEqual([from, to])
    expect(from).toBeLessThan(to)
  }
  for (const box of boxes) {
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.y).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(width)
    expect(box.y + box.height).toBeLessThanOrEqual(height)
  }
  // No box lies over another.
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1)) {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      expect(apart, `${a.block.name} and ${b.block.name}`).toBe(true)
    }
})

it('what is pressed is high enough for an unsteady hand, and no two lie over each other', () => {
  const { boxes } = unetShape(blocks)
  const middle = ({ y, height }: (typeof boxes)[number]): number => y + height / 2
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1)) {
      const besides = a.x + a.width <= b.x || b.x + b.width <= a.x
      if (!besides)
        expect(Math.abs(middle(a) - middle(b)), `${a.block.name} and ${b.block.name}`).toBeGreaterThanOrEqual(
          reach,
        )
    }
})

it('FreeU’s strengths go from nothing to what is published and beyond', () => {
  const published = publishedFreeU('sd1')
  expect(scaledFreeU(published, { b: 0, s: 0 })).toEqual({ b: [1, 1], s: [1, 1] })
  expect(scaledFreeU(published, { b: 1, s: 1 })).toEqual(published)
  expect(scaledFreeU(published, { b: 2, s: 1.5 })).toEqual({ b: [1.4, 1.8], s: [0.85, 0] })
})
