import { describe, expect, it } from 'vitest'
import { openModel } from '../../../src/engine/model/openModel.ts'
import type { Model } from '../../../src/engine/model/model.ts'

const starter = new URL('../../../resources/models/starter', import.meta.url).pathname
const ids = (last: number): number[] => Array.from({ length: 77 }, (_, i) => (i === 76 ? last : i))

async function withStarter(test: (model: Model, runs: () => number) => Promise<void>): Promise<void> {
  const model = await openModel(starter, 'cpu', () => {})
  await test(model, () => model.tallies.textEncoder.runs)
  await model.release()
}

describe('what a text encoder answered', () => {
  it('is remembered', () =>
    withStarter(async (model, runs) => {
      const first = await model.encodeText(0, ids(1), 1, [])
      const other = await model.encodeText(0, ids(2), 1, [])
      expect(await model.encodeText(0, ids(1), 1, [])).toEqual(first)
      expect(other.hidden).not.toEqual(first.hidden)
      expect(runs()).toBe(2)
    }))

  it('is not, under another clip skip or with vectors in the text', () =>
    withStarter(async (model, runs) => {
      const first = await model.encodeText(0, ids(1), 1, [])
      expect((await model.encodeText(0, ids(1), 2, [])).hidden).not.toEqual(first.hidden)
      const vectors = new Float32Array(first.width).fill(0.5)
      const inserted = [{ at: 1, vectors }]
      expect((await model.encodeText(0, ids(1), 1, inserted)).hidden).not.toEqual(first.hidden)
      await model.encodeText(0, ids(1), 1, inserted)
      expect(runs()).toBe(4)
    }))

  it('is forgotten when it was long ago', () =>
    withStarter(async (model, runs) => {
      for (let text = 0; text < 17; text++) await model.encodeText(0, ids(text), 1, [])
      await model.encodeText(0, ids(16), 1, [])
      expect(runs()).toBe(17)
      await model.encodeText(0, ids(0), 1, [])
      expect(runs()).toBe(18)
    }))
})
