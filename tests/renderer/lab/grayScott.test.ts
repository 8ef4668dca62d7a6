import { describe, expect, it } from 'vitest'
import {
  emptyField,
  patterns,
  putDrop,
  step,
  type Field,
  type Reaction,
} from '../../../src/renderer/lab/maths/grayScott.ts'

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0)

function grown(steps: number, reaction: Reaction, sow: (field: Field) => void): Field {
  let [now, next] = [emptyField(48, 40), emptyField(48, 40)]
  sow(now)
  for (let i = 0; i < steps; i++) {
    step(now, next, reaction)
    ;[now, next] = [next, now]
  }
  return now
}
const drop = (field: Field): void => putDrop(field, 2, 38, 5)

describe('Gray-Scott', () => {
  it('with nothing fed or taken away keeps u + v in all, whatever reacts and spreads', () => {
    const start = emptyField(48, 40)
    drop(start)
    const before = sum(start.u) + sum(start.v)
    const { u, v } = grown(300, { feed: 0, kill: 0 }, drop)
    expect(Math.abs(sum(u) + sum(v) - before) / before).toBeLessThan(1e-5)
    expect(sum(v)).toBeGreaterThan(sum(start.v))
  })

  it('feeds and takes away by its formula in all: Σ(u + v) changes by F Σ(1 - u) - (F + k) Σ v', () => {
    const reaction = patterns.coral
    const now = grown(50, reaction, drop)
    const next = emptyField(48, 40)
    step(now, next, reaction)
    const change = sum(next.u) + sum(next.v) - sum(now.u) - sum(now.v)
    const expected =
      reaction.feed * now.u.reduce((total, value) => total + 1 - value, 0) -
      (reaction.feed + reaction.kill) * sum(now.v)
    expect(change).toBeCloseTo(expected, 2)
  })

  it('stays at rest where there is no v', () => {
    const { u, v } = grown(20, patterns.maze, () => {})
    // Fed up to 1 and no further, to the rounding of the Laplacian's weights.
    expect(u.every((value) => Math.abs(value - 1) < 1e-5)).toBe(true)
    expect(v.every((value) => value === 0)).toBe(true)
  })

  it('is the same wherever the drop is put: the dish has no edge', () => {
    const at = (x: number, y: number): Field => grown(60, patterns.coral, (field) => putDrop(field, x, y, 4))
    const [middle, corner] = [at(24, 20), at(0, 0)]
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 48; x++) {
        const moved = ((y + 20) % 40) * 48 + ((x + 24) % 48)
        expect(Math.abs(corner.v[y * 48 + x] - middle.v[moved])).toBeLessThan(1e-6)
      }
  })
})
